using System.Text.Json;
using Fleet.Rewards.Text;

namespace Fleet.Unit.Tests.Rewards.Text;

public sealed class MessageTextTests
{
    [Theory]
    [InlineData("\"a\"", "a")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("""[{"type":"text","text":"a"},"b",{"type":"image_url","image_url":{}},{"type":"text","text":"c"}]""", "a\nb\n[image_url]\nc")]
    [InlineData("7", "7")]
    [InlineData("\"\\ud800\"", "\"\\ud800\"")]
    public void A_message_says_its_texts_one_below_the_other(string content, string text) =>
        Assert.Equal(text, MessageText.Of(JsonSerializer.Deserialize<JsonElement>(content)));
}
