#!/usr/bin/env python3
"""Counts in which case English words are written, over books in the public domain.

  make_word_cases.py word-cases.txt BOOK.txt [BOOK.txt ...]

A word is kept when it was seen in lower case often enough. A `^` after it says that it was also seen with a capital inside a sentence.
The list in this folder was counted over five Project Gutenberg books: 3261, 14263, 15122, 17474, 18304.
"""
import collections, re, sys

ENOUGH = 3
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def count(text, lower, inside):
    # The licence before and after a book is not the book.
    start = re.search(r"\*\*\* ?START OF.*?\*\*\*", text)
    end = re.search(r"\*\*\* ?END OF", text)
    text = text[start.end() if start else 0:end.start() if end else len(text)]
    for paragraph in re.split(r"\n\s*\n", text):
        # Headings, verse and tables of contents have capitals of their own.
        if len(paragraph) < 200:
            continue
        begins = True
        last = 0
        for match in WORD.finditer(paragraph):
            between = paragraph[last:match.start()]
            begins = begins or bool(re.search(r"[.?!:;\"\u201c(*_\[]|--", between))
            word = match.group()
            if word[0].islower():
                lower[word.lower()] += 1
            elif not begins and not (len(word) > 1 and word.isupper()):
                inside[word.lower()] += 1
            begins = False
            last = match.end()


def main(target, books):
    lower, inside = collections.Counter(), collections.Counter()
    for book in books:
        with open(book, encoding="latin-1") as f:
            count(f.read(), lower, inside)
    words = sorted(w for w, n in lower.items() if n >= ENOUGH and w.isascii())
    with open(target, "w", encoding="ascii", newline="\n") as f:
        for word in words:
            f.write(word + ("^" if inside[word] else "") + "\n")
    print(f"{target}: {len(words)} words, {sum(1 for w in words if inside[w])} of them also with a capital")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
