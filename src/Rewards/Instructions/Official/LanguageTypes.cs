using Fleet.Rewards.Instructions.Languages;
using Fleet.Rewards.Instructions.Matching;
using Fleet.Rewards.Text;

namespace Fleet.Rewards.Instructions.Official;

/// <summary>The language and the case of a text.</summary>
internal static class LanguageTypes
{
    private const string AnyChinese = "zh";

    /// <summary>The text is in a language; a text that tells nothing of its language is in any.</summary>
    /// <remarks>Differs: the reference fails on codes outside its list, such as <c>zh</c>, which is either Chinese here, and <c>zh-cn</c>.</remarks>
    public static Check ResponseLanguage(Parameters parameters)
    {
        var code = parameters.Text("language");
        parameters.Require(code == AnyChinese || LanguageDetector.Knows(code), "language", "the code of a known language");
        return (text, notes) =>
        {
            var found = text.Language;
            notes?.Add("language", $"{found ?? "none"}, {code} asked");
            return found is null || found == code || (code == AnyChinese && found.StartsWith("zh-", StringComparison.Ordinal));
        };
    }

    /// <summary>English in capital letters alone.</summary>
    public static Check EnglishCapital(Parameters parameters) => (text, notes) =>
    {
        var isUpper = PythonCase.IsUpper(text.Text);
        notes?.Add("case", isUpper ? $"all capitals, language {text.Language ?? "none"}" : "not all capitals");
        return isUpper && text.Language is null or "en";
    };

    /// <summary>English in small letters alone.</summary>
    public static Check EnglishLowercase(Parameters parameters) => (text, notes) =>
    {
        var isLower = PythonCase.IsLower(text.Text);
        notes?.Add("case", isLower ? $"all small letters, language {text.Language ?? "none"}" : "not all small letters");
        return isLower && text.Language is null or "en";
    };

    /// <summary>Less than or at least N words in capitals.</summary>
    public static Check CapitalWordFrequency(Parameters parameters)
    {
        var asked = parameters.Number("capital_frequency");
        var relation = parameters.Relation("capital_relation");
        return (text, notes) =>
        {
            var count = text.CapitalWords;
            notes?.Add("counted", $"{count} words in capitals, {relation} {asked} asked");
            return Quantity.Holds(count, asked, relation);
        };
    }
}
