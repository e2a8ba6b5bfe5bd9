using Fleet.Worker.Tokens;

namespace Fleet.Conformance.Tests;

/// <summary>Real vocabularies against ids known from their own libraries; read from <c>FLEET_TOKENIZERS</c>, else from <c>../shared/tokenizers</c>.</summary>
public sealed class TokenizerTests
{
    private const string Variable = "FLEET_TOKENIZERS";

    private const string Mixed = "def f(x):\n\treturn x ** 2  # naïve 北京 \U0001F469\u200d\U0001F52C 12345\r\n\r\n   it's I'LL <|endoftext|> end ";

    [Theory]
    [InlineData("gpt2", "Hello world", new[] { 15496, 995 })]
    [InlineData("gpt2", "<|endoftext|>Hello", new[] { 50256, 15496 })]
    [InlineData("qwen-tiktoken", "Hello world", new[] { 9707, 1879 })]
    [InlineData("qwen-tiktoken", "<|im_start|>user\n2024<|im_end|>", new[] { 151644, 872, 198, 17, 15, 17, 19, 151645 })]
    [InlineData("sentencepiece-test", "This is a test", new[] { 284, 47, 11, 4, 15, 400 })]
    public void Ids_are_those_of_the_vocabulary_s_own_library(string folder, string text, int[] ids)
    {
        var tokenizer = Load(folder);

        Assert.Equal(ids, tokenizer.Encode(text));
        Assert.Equal(text, tokenizer.Decode(ids, skipSpecialTokens: false));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("qwen-tiktoken")]
    public void Text_comes_back_and_without_its_marks_when_they_are_skipped(string folder)
    {
        var tokenizer = Load(folder);
        int[] ids = [.. tokenizer.Encode(Mixed)];

        Assert.Equal(Mixed, tokenizer.Decode(ids, skipSpecialTokens: false));
        Assert.Equal(Mixed.Replace("<|endoftext|>", "", StringComparison.Ordinal), tokenizer.Decode(ids));
    }

    [Fact]
    public void Every_single_id_decodes()
    {
        var decoder = Load("qwen-tiktoken").Decoder;

        for (int id = 0; id < decoder.Count; id++) Assert.NotNull(decoder.Decode([id], skipSpecialTokens: false));
        Assert.Throws<TokenizerException>(() => decoder.Decode([151_935]));
    }

    /// <summary>The folder of a vocabulary; skips the test where it is missing.</summary>
    internal static string PathOf(string folder)
    {
        string path = Path.Combine(Folder(), folder);
        if (!Directory.Exists(path)) Assert.Skip($"No tokenizer at {path}; set {Variable} to the folder that holds it.");
        return path;
    }

    private static TokenizerFolder Load(string folder) => TokenizerFolder.Load(PathOf(folder));

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set) return set;

        // The root of the checkout is the folder that holds the solution.
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Fleet.sln"))) root = root.Parent;
        return Path.Combine(root?.FullName ?? ".", "..", "shared", "tokenizers");
    }
}
