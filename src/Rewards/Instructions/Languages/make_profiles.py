#!/usr/bin/env python3
"""Packs the n-gram figures of Debian's package python3-langdetect into one resource.

  apt-get download python3-langdetect && dpkg -x python3-langdetect_*.deb /tmp/langdetect
  make_profiles.py /tmp/langdetect/usr/lib/python3/dist-packages/langdetect language-profiles.bin

The resource is a zlib stream. All numbers in it are LEB128; a text is its length and its UTF-16 code units:
  version, languages (name, three n-gram totals), characters to drop, Vietnamese letters, marks and their compositions
  (a row for each mark), groups of Chinese characters, and for each n-gram length: the n-grams in order (length of the prefix shared
  with the one before, rest), how many languages each has, those languages' numbers, and their counts.
"""
import json, os, sys, zlib


def number(n):
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def text(s):
    return number(len(s)) + b"".join(number(ord(c)) for c in s)


def messages(folder):
    """The tables of characters, which the package keeps as a properties file."""
    found = {}
    with open(os.path.join(folder, "utils", "messages.properties"), encoding="ascii") as lines:
        for line in lines:
            key, _, value = line.strip().partition("=")
            found[key] = value.encode().decode("unicode_escape")
    return found


def shared_prefix(a, b):
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def pack(folder):
    names = sorted(os.listdir(os.path.join(folder, "profiles")))
    profiles = []
    for name in names:
        with open(os.path.join(folder, "profiles", name), encoding="utf-8") as f:
            profiles.append(json.load(f))
    tables = messages(folder)

    out = bytearray(number(1))
    out += number(len(profiles))
    for profile in profiles:
        out += text(profile["name"])
        for total in profile["n_words"]:
            out += number(total)
    out += text(tables["NGram.LATIN1_EXCLUDE"])
    out += text(tables["TO_NORMALIZE_VI_CHARS"])
    out += text(tables["DMARK_CLASS"])
    for mark in tables["DMARK_CLASS"]:
        out += text(tables["NORMALIZED_VI_CHARS_%04X" % ord(mark)])
    groups = [tables[k] for k in sorted(tables) if k.startswith("NGram.KANJI_")]
    out += number(len(groups))
    for group in groups:
        out += text(group)

    grams = {}
    for index, profile in enumerate(profiles):
        for gram, count in profile["freq"].items():
            grams.setdefault(gram, []).append((index, count))
    for length in (1, 2, 3):
        ordered = sorted(g for g in grams if len(g) == length)
        out += number(len(ordered))
        previous = ""
        for gram in ordered:
            shared = shared_prefix(previous, gram)
            out += number(shared) + b"".join(number(ord(c)) for c in gram[shared:])
            previous = gram
        for gram in ordered:
            out += number(len(grams[gram]))
        for gram in ordered:
            out += b"".join(number(index) for index, _ in grams[gram])
        for gram in ordered:
            out += b"".join(number(count) for _, count in grams[gram])
    return zlib.compress(bytes(out), 9)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    packed = pack(sys.argv[1])
    with open(sys.argv[2], "wb") as f:
        f.write(packed)
    print(f"{sys.argv[2]}: {len(packed)} bytes")
