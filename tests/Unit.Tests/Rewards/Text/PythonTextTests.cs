using System.Text;
using Fleet.Rewards.Text;

namespace Fleet.Unit.Tests.Rewards.Text;

public sealed class PythonTextTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("  a  b ", 2)]
    [InlineData("a\u001cb\u00a0c\u2028d\u200be", 4)]
    public void Words_part_at_every_white_space_of_Python(string text, int count)
    {
        Assert.Equal(count, PythonText.WordCount(text));
        Assert.Equal(count, PythonText.Words(text).Count);
    }

    [Theory]
    [InlineData("\u001f x \u3000", "x")]
    [InlineData("\u200bx", "\u200bx")]
    public void Strip_takes_off_the_white_space_of_Python_alone(string text, string expected) => Assert.Equal(expected, PythonText.Strip(text).ToString());

    [Fact]
    public void Length_counts_code_points_and_lone_surrogates()
    {
        Assert.Equal(3, PythonText.Length("a\U0001F600b"));
        Assert.Equal(3, PythonText.Length("\ud83d\ud83d\ude00\ude00"));
    }

    [Theory]
    [InlineData("stra\u00dfe \ufb01n \u0149", "STRASSE FIN \u02bcN")]
    [InlineData("\u1f80\u1f9f\u1fa3", "\u1f08\u0399\u1f2f\u0399\u1f6b\u0399")]
    [InlineData("\u0131\u017f\U00010428", "IS\U00010400")]
    public void Upper_is_the_full_mapping(string text, string expected) => Assert.Equal(expected, PythonCase.Upper(text));

    [Theory]
    [InlineData("\u0130X", "i\u0307x")]
    [InlineData("\u039f\u03a3 \u03a3\u0391 \u039f\u03a3.", "\u03bf\u03c2 \u03c3\u03b1 \u03bf\u03c2.")]
    [InlineData("\U0001D400\U00010400", "\U0001D400\U00010428")]
    public void Lower_is_the_full_mapping_with_the_final_sigma(string text, string expected) => Assert.Equal(expected, PythonCase.Lower(text));

    [Theory]
    [InlineData("ABC 1", true)]
    [InlineData("123", false)]
    [InlineData("AbC", false)]
    [InlineData("\u01c5", false)]
    [InlineData("\u2160", true)]
    public void Upper_case_needs_a_letter_and_no_other_case(string text, bool expected) => Assert.Equal(expected, PythonCase.IsUpper(text));

    [Theory]
    [InlineData("abc \u00aa", true)]
    [InlineData("...", false)]
    [InlineData("a\u01c5", false)]
    public void Lower_case_needs_a_letter_and_no_other_case(string text, bool expected) => Assert.Equal(expected, PythonCase.IsLower(text));

    [Theory]
    [InlineData("123 \u4e2d", true)]
    [InlineData("A\ufb01", false)]
    public void A_text_without_letters_equals_its_upper_case(string text, bool expected) => Assert.Equal(expected, PythonCase.EqualsUpper(text));

    [Fact]
    public void Every_code_point_survives_both_mappings()
    {
        for (var c = 0; c < 0x110000; c++)
        {
            if (!Rune.IsValid(c)) continue;
            var text = new Rune(c).ToString();
            Assert.NotEmpty(PythonCase.Upper(text));
            Assert.False(PythonCase.IsUpper(text) && PythonCase.IsLower(text), $"U+{c:X4}");
        }
    }

    [Theory]
    [InlineData("a_b \u00bd\u2167 \u00e9", 3)]
    [InlineData("a\u0301b", 2)]
    [InlineData("\U0001D400\U0001D401 \U0001F600", 1)]
    public void Word_characters_are_letters_numbers_and_the_underscore(string text, int words) => Assert.Equal(words, PythonWord.Count(text));

    [Theory]
    [InlineData("3", true)]
    [InlineData(" {\"a\": [1, -2.5e3, \"\\ud800\", true, null]} \r\n", true)]
    [InlineData("[]", true)]
    [InlineData("{\"a\": 1, \"a\": 2}", true)]
    [InlineData("NaN", true)]
    [InlineData("[-Infinity]", true)]
    [InlineData("", false)]
    [InlineData("\ufeff1", false)]
    [InlineData("\u00a01", false)]
    [InlineData("01", false)]
    [InlineData("1.", false)]
    [InlineData("-", false)]
    [InlineData("[1,]", false)]
    [InlineData("{\"a\" 1}", false)]
    [InlineData("{a: 1}", false)]
    [InlineData("\"a\nb\"", false)]
    [InlineData("\"\\x\"", false)]
    [InlineData("\"\\u12g4\"", false)]
    [InlineData("1 2", false)]
    [InlineData("'a'", false)]
    public void Json_is_what_Python_accepts(string text, bool expected) => Assert.Equal(expected, PythonJson.IsValid(text));

    [Fact]
    public void Json_has_Pythons_limits()
    {
        Assert.True(PythonJson.IsValid(new string('9', 4300)));
        Assert.False(PythonJson.IsValid(new string('9', 4301)));
        Assert.True(PythonJson.IsValid(new string('9', 5000) + ".0"));
        Assert.True(PythonJson.IsValid(new string('[', 300) + new string(']', 300)));
        Assert.False(PythonJson.IsValid(new string('[', 100_000) + new string(']', 100_000)));
        Assert.False(PythonJson.IsValid("NaN", allowConstants: false));
    }
}
