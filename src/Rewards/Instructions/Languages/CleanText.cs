using System.Buffers;
using System.Text;

namespace Fleet.Rewards.Instructions.Languages;

/// <summary>What is left of a text for telling its language: no addresses, no repeated blanks, no Latin letters among another script.</summary>
internal static class CleanText
{
    // langdetect looks at so many code points and no more.
    private const int MaxLength = 10_000;

    private static readonly SearchValues<char> UrlCharacters =
        SearchValues.Create("-_.?&~;+=/#0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> MailCharacters =
        SearchValues.Create("-_.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The code points that count.</summary>
    public static ReadOnlySpan<int> Of(string text, CharacterTables tables)
    {
        var characters = CodePoints(WithoutMails(WithoutUrls(text)), tables);
        return WithoutStrayLatin(characters);
    }

    // https?://[...]{1,2076} becomes a blank.
    private static ReadOnlySpan<char> WithoutUrls(string text)
    {
        var rest = text.AsSpan();
        StringBuilder? kept = null;
        var from = 0;
        while (true)
        {
            var at = rest[from..].IndexOf("http");
            if (at < 0) break;
            at += from;
            var body = rest[(at + 4)..];
            var head = body.StartsWith("s://") ? 4 : body.StartsWith("://") ? 3 : 0;
            var length = head == 0 ? 0 : RunOf(UrlCharacters, body[head..], 2076);
            from = at + 4;
            if (length == 0) continue;

            (kept ??= new StringBuilder()).Append(rest[..at]).Append(' ');
            rest = body[(head + length)..];
            from = 0;
        }

        return kept is null ? text : kept.Append(rest).ToString();
    }

    // name@host.domain becomes a blank: up to 64 characters before the sign, up to 255 of a host and up to 255 more with periods after it.
    private static ReadOnlySpan<char> WithoutMails(ReadOnlySpan<char> text)
    {
        StringBuilder? kept = null;
        var rest = text;
        var from = 0;
        while (true)
        {
            var sign = rest[from..].IndexOf('@');
            if (sign < 0) break;
            sign += from;
            from = sign + 1;

            var before = rest[Max(0, sign - 64)..sign];
            var name = before.Length - 1 - before.LastIndexOfAnyExcept(MailCharacters);
            if (name == 0) continue;

            var after = rest[(sign + 1)..];
            var host = RunOf(HostCharacters, after, 255);
            var domain = RunOf(MailCharacters, after[host..], 255);
            if (host == 0 || host + domain < 2) continue;

            (kept ??= new StringBuilder()).Append(rest[..(sign - name)]).Append(' ');
            rest = after[(host + domain)..];
            from = 0;
        }

        return kept is null ? text : kept.Append(rest).ToString();
    }

    private static int RunOf(SearchValues<char> allowed, ReadOnlySpan<char> text, int limit)
    {
        if (text.Length > limit) text = text[..limit];
        var end = text.IndexOfAnyExcept(allowed);
        return end < 0 ? text.Length : end;
    }

    // The first code points, Vietnamese letters composed with their marks, a run of blanks as one.
    private static Span<int> CodePoints(ReadOnlySpan<char> text, CharacterTables tables)
    {
        var found = new int[Min(text.Length, MaxLength)];
        var length = 0;
        var seen = 0;
        var last = 0;
        for (var i = 0; i < text.Length && seen < MaxLength; i++, seen++)
        {
            int c = text[i];
            if (i + 1 < text.Length)
            {
                if (char.IsSurrogatePair(text[i], text[i + 1])) c = char.ConvertToUtf32(text[i], text[++i]);
                else if (tables.Compose(text[i], text[i + 1]) is not '\0' and var composed)
                {
                    c = composed;
                    i++;
                }
            }

            if (c != ' ' || last != ' ') found[length++] = c;
            last = c;
        }

        return found.AsSpan(0, length);
    }

    // A text in another script keeps none of its Latin letters.
    private static ReadOnlySpan<int> WithoutStrayLatin(Span<int> characters)
    {
        var latin = 0;
        var other = 0;
        foreach (var c in characters)
        {
            if (c is >= 'A' and <= 'z') latin++;
            else if (c >= 0x300) other++;
        }

        if (latin * 2 >= other) return characters;

        var length = 0;
        foreach (var c in characters)
        {
            if (c is < 'A' or > 'z') characters[length++] = c;
        }

        return characters[..length];
    }
}
