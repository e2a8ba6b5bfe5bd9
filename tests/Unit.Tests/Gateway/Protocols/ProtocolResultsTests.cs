using System.Text;
using System.Text.Json;
using Fleet.Dispatcher.Collecting;
using Fleet.Gateway.Protocols;

namespace Fleet.Unit.Tests.Gateway.Protocols;

public sealed class ProtocolResultsTests
{
    [Theory]
    [InlineData(OnUnscored.Nan, "[0.5,NaN,NaN]")]
    [InlineData(OnUnscored.DropRow, "[0.5,NaN,NaN]")]
    [InlineData(OnUnscored.Zero, "[0.5,0,NaN]")]
    public void What_has_no_score_is_the_bare_word_that_python_reads_as_a_number(OnUnscored onUnscored, string expected)
    {
        var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var number in (double?[])[0.5, null, double.PositiveInfinity]) new ProtocolResults([], onUnscored).Write(json, number);
            json.WriteEndArray();
        }

        Assert.Equal(expected, Encoding.UTF8.GetString(stream.ToArray()));
    }
}
