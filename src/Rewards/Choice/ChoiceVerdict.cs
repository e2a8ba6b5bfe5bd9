using System.Text;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Choice;

/// <summary>What one response answers to a choice question, compared with the gold letter.</summary>
/// <param name="Boxed">Whether the answer stands in a box.</param>
/// <param name="Letter">The letter that was read; null when the response states none.</param>
/// <param name="Form">Where the letter was found: <c>box</c>, <c>statement</c>, ...</param>
/// <param name="Gold">The gold letter; null when the row has no gold answer.</param>
/// <param name="Text">Whether the gold text was said, where the gold answer is a text and no option; else null.</param>
internal readonly record struct ChoiceVerdict(bool Boxed, Rune? Letter, string Form, Rune? Gold, bool? Text = null)
{
    /// <summary>Whether the gold answer was given.</summary>
    public bool Correct => Text ?? (Letter is { } letter && letter == Gold);

    /// <summary>Whether a letter was read that cannot be compared: the row has no gold answer.</summary>
    public bool LacksGold => Letter is not null && Gold is null;

    /// <summary>Reads a response.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="parity">Which reading of the rules is used.</param>
    /// <param name="boxOnly">Whether an answer outside a box is not even looked for: it cannot count.</param>
    /// <remarks>
    /// Range:   under <see cref="Parity.Fixed"/> letters A to Z, else any upper-case letter of any script.
    /// Source:  alibaba/ROLL@8eb27cc2 roll/pipeline/rlvr/rewards, the extraction in each of the three choice workers.
    /// Differs: the letter must stand alone as an option; the reference takes the first capital of whatever it extracted.
    /// </remarks>
    public static ChoiceVerdict Of(Rollout rollout, Parity parity, bool boxOnly = false)
    {
        var text = AnswerPart.Of(rollout.Response);
        var boxed = ChoiceBox.TryLast(text, out var content);
        var gold = GoldOf(rollout.GroundTruth);
        if (!boxed && boxOnly) return new(false, null, "none", gold);
        if (parity == Parity.Roll)
        {
            var letter = FirstCapital.Of(boxed ? content : FirstCapital.AfterAnswerIs(text));
            return new(boxed, letter, boxed ? "box" : "first_capital", gold);
        }

        if (rollout.GroundTruth is { } other && GoldText.Is(other)) return new(boxed, null, "text", gold, GoldText.Agrees(boxed ? content : text, boxed, other));
        if (boxed) return new(true, ToRune(OptionToken.ReadBox(content)), "box", gold);
        return StatedOption.Find(text) is { } stated ? new(false, ToRune(stated.Letter), stated.Form, gold) : new(false, null, "none", gold);
    }

    /// <summary>The text that the letter was looked for in, for people.</summary>
    public static string Extracted(Rollout rollout, Parity parity)
    {
        var text = AnswerPart.Of(rollout.Response);
        if (ChoiceBox.TryLast(text, out var content)) return content.ToString();
        if (parity == Parity.Roll) return FirstCapital.AfterAnswerIs(text).ToString();
        return StatedOption.Find(text) is { } stated ? Line(text[stated.At..]).ToString() : "";
    }

    // The first character as it stands, as in "C", "C. Carbon" and "C: Carbon"; a gold answer such as "(C)" agrees with nothing.
    private static Rune? GoldOf(string? gold)
    {
        if (string.IsNullOrEmpty(gold)) return null;
        Rune.DecodeFromUtf16(gold, out var rune, out _);
        return rune;
    }

    private static Rune? ToRune(char? letter) => letter is { } c ? new Rune(c) : null;

    private static ReadOnlySpan<char> Line(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('\n');
        return end < 0 ? text : text[..end];
    }
}
