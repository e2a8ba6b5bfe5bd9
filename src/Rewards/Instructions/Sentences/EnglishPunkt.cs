using System.Collections.Frozen;

namespace Fleet.Rewards.Instructions.Sentences;

/// <summary>What Punkt knows of English: abbreviations, word pairs across a period, and words that start sentences.</summary>
/// <remarks>Source: the lists of the English model of NLTK, trained with the method of Kiss and Strunk (2006).</remarks>
internal static class EnglishPunkt
{
    /// <summary>The type that stands for any number.</summary>
    public const string Number = "##number##";

    // Without the last period, in lower case. The model has one odd entry of two periods and a blank, which no token can be.
    private const string AbbreviationList =
        """
        a.a a.c a.d a.g a.h a.m a.m.e a.s a.t adm ala ariz aug ave b.f b.v bros c c.i.t c.o.m.b c.v calif chg cie co col colo conn
        corp cos ct d d.c d.h d.w dec dr e e.f e.h e.l e.m f f.g f.j feb fla fri ft g g.d g.f g.k ga gen h h.c h.f h.m i.m.s ill inc
        j.b j.c j.j j.k j.p j.r jan jr k kan ky l l.a l.f l.p lt ltd m m.b.a m.d.c m.j maj messrs mg mich minn mr mrs ms n n.c n.d
        n.h n.j n.m n.v n.y nev nov oct ok okla ore p p.a.m p.m pa ph.d prof r r.a r.h r.i r.j r.k r.t rep reps s s.a s.a.y s.c s.g
        s.p.a s.s sen sep sept sr st sw t t.j tenn tues u.k u.n u.s u.s.a u.s.s.r v va vs vt w w.c w.r w.va w.w wash wed wis yr
        """;

    private const string StarterList =
        """
        according although among both but despite even he however i if in indeed instead it many meanwhile moreover most nevertheless
        nonetheless nor sales separately similarly since so some the there these they this though thus under when while yet
        """;

    // The first word of each line, without its period, goes with each of the others.
    private static readonly string[] CollocationList =
    [
        $"{Number} abreast aes business cbot colgate commodities cooper corrections credit dividend financing genentech henley insider",
        $"{Number} international leisure letters notable pay-fone pegasus pepper review rj wedgestone who zimmer",
        "b edelman levine smith stewart wigton",
        "i magnin toussie",
        "j aron fialka walter",
        "o ludcke",
    ];

    /// <summary>Abbreviations by their text without the last period.</summary>
    public static readonly FrozenSet<string> Abbreviations = Words(AbbreviationList).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Words that often start a sentence.</summary>
    public static readonly FrozenSet<string> Starters = Words(StarterList).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Pairs of words that belong together across a period.</summary>
    public static readonly FrozenSet<(string, string)> Collocations = CollocationList
        .Select(Words)
        .SelectMany(words => words.Skip(1).Select(second => (words[0], second)))
        .ToFrozenSet();

    private static string[] Words(string list) => list.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
