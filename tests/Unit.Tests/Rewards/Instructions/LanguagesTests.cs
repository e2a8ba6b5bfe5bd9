using Fleet.Rewards.Instructions.Languages;

namespace Fleet.Unit.Tests.Rewards.Instructions;

public sealed class LanguagesTests
{
    [Theory]
    [InlineData("The weather was fine and we walked along the river until the evening.", "en")]
    [InlineData("Das Wetter war schön und wir gingen bis zum Abend am Fluss entlang.", "de")]
    [InlineData("Il faisait beau et nous avons marché le long de la rivière jusqu'au soir.", "fr")]
    [InlineData("Погода была хорошая, и мы гуляли вдоль реки до самого вечера.", "ru")]
    [InlineData("天気がよかったので、夕方まで川沿いを歩きました。", "ja")]
    [InlineData("날씨가 좋아서 우리는 저녁까지 강변을 걸었습니다.", "ko")]
    [InlineData("Thời tiết đẹp và chúng tôi đi dạo dọc bờ sông cho đến tối.", "vi")]
    [InlineData("天气很好，我们沿着河边一直走到晚上。", "zh-cn")]
    [InlineData("मौसम अच्छा था और हम शाम तक नदी के किनारे चलते रहे।", "hi")]
    public void A_sentence_is_in_its_language(string text, string code) => Assert.Equal(code, LanguageDetector.Detect(text));

    [Theory]
    [InlineData("")]
    [InlineData("123 ... 456")]
    [InlineData("https://example.org/the/weather/was/fine someone@example.org")]
    public void A_text_without_letters_is_in_none(string text) => Assert.Null(LanguageDetector.Detect(text));

    [Fact]
    public void Letters_and_their_marks_count_as_composed_ones() =>
        Assert.Equal("vi", LanguageDetector.Detect("Tho\u031b\u0300i tie\u0302\u0301t \u0111e\u0323p va\u0300 chu\u0301ng to\u0302i \u0111i da\u0323o do\u0323c bo\u031b\u0300 so\u0302ng"));

    [Fact]
    public void There_are_55_languages()
    {
        Assert.Equal(55, LanguageProfiles.Shared.Codes.Length);
        Assert.True(LanguageDetector.Knows("zh-tw"));
        Assert.False(LanguageDetector.Knows("zh"));
    }

    [Fact]
    public void The_same_text_always_gets_the_same_answer()
    {
        const string Short = "ok no";
        Assert.Single(Enumerable.Range(0, 20).Select(_ => LanguageDetector.Detect(Short)).Distinct());
    }
}
