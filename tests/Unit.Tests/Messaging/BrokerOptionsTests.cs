using Fleet.Contracts;
using Fleet.Messaging;

namespace Fleet.Unit.Tests.Messaging;

public sealed class BrokerOptionsTests
{
    [Theory]
    [InlineData("amqp://host")]
    [InlineData("amqp://user:p%40ss@host:5673/vhost")]
    [InlineData("amqps://host:5671")]
    public void An_address_is_read_as_a_person_types_it(string text) => Assert.Equal(new Uri(text), BrokerOptions.ParseUrl(text));

    [Theory]
    [InlineData("")]
    [InlineData("host:5672")]
    [InlineData("http://host")]
    [InlineData("rabbitmq://host")]
    [InlineData("amqp://")]
    public void Anything_else_is_one_sentence_that_shows_the_form(string text)
    {
        var wrong = Assert.Throws<FleetException>(() => BrokerOptions.ParseUrl(text));
        Assert.Contains($"'{text}'", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("amqp://user:password@host:5672/vhost", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_password_is_not_shown()
    {
        Assert.Equal("amqp://host:5672/v", new BrokerOptions { Url = new Uri("amqp://me:secret@host/v") }.Display);
        Assert.Equal("in memory", new BrokerOptions().Display);
    }
}
