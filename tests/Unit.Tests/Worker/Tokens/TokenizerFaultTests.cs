using Fleet.Worker.Tokens;

namespace Fleet.Unit.Tests.Worker.Tokens;

/// <summary>Each sentence is read by somebody whose worker did not start.</summary>
public sealed class TokenizerFaultTests
{
    [Fact]
    public void A_name_of_a_hub_is_no_folder() => Assert.Equal(
        "There is no tokenizer at 'Qwen/Qwen2.5-7B', neither a folder nor a file: give the local folder of the model, for names of a hub are not downloaded.",
        Fault("Qwen/Qwen2.5-7B"));

    [Fact]
    public void A_folder_without_a_tokenizer_says_what_is_looked_for()
    {
        using var files = new TinyTokenizer().With("vocab.json", "{}");

        Assert.Equal(
            $"'{files.Folder}' holds no tokenizer.json, no vocab.json with merges.txt, no *.tiktoken and no tokenizer.model: " +
            "copy the tokenizer's files from the model's folder.", Fault(files.Folder));
    }

    [Theory]
    [InlineData("tokenizer.json", "version https://git-lfs.github.com/spec/v1", "is no JSON")]
    [InlineData("tokenizer.json", "[]", "holds a JSON Array where an object is expected")]
    [InlineData("tokenizer.json", "{}", "holds a model of type ''")]
    [InlineData("tokenizer.json", """{"model":{"type":"Unigram"}}""", "holds a model of type 'Unigram'")]
    [InlineData("tokenizer.json", """{"model":{"type":"BPE"}}""", "has no vocabulary")]
    [InlineData("tokenizer.json", """{"model":{"type":"BPE","vocab":{"a":"b"}}}""", "gives the token 'a' the id \"b\"")]
    [InlineData("tokenizer.json", """{"model":{"type":"BPE","vocab":{"a":-1}}}""", "has the token id -1")]
    [InlineData("tokenizer.json", """{"model":{"type":"BPE","vocab":{"a":2000000000}}}""", "has the token id 2000000000")]
    [InlineData("tokenizer.json", """{"decoder":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":1},"merges":[5]}}""", "has the merge 5")]
    [InlineData("x.tiktoken", "IQ== 0\nnonsense\n", "has 'nonsense' on line 2")]
    [InlineData("x.tiktoken", "version https://git-lfs.github.com/spec/v1\n", "is no SentencePiece model and no tiktoken file")]
    [InlineData("tokenizer.model", "\u000a\u00ff", "is no SentencePiece model")]
    [InlineData("tokenizer.model", "", "has no tokens")]
    public void A_damaged_file_is_named_with_what_is_wrong(string file, string content, string expected)
    {
        using var files = new TinyTokenizer().With(file, content);
        string fault = Fault(files.Folder);

        Assert.StartsWith(Path.Combine(files.Folder, file), fault, StringComparison.Ordinal);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.Matches(": [^:]+\\.$", fault);
    }

    [Fact]
    public void A_damaged_small_file_is_named_too()
    {
        using var files = new TinyTokenizer().WithVocabulary().With("tokenizer_config.json", """{"added_tokens_decoder":{"x":{"content":"y"}}}""");

        Assert.Contains("gives an added token the id 'x'", Fault(files.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tiktoken_files_are_one_too_many()
    {
        using var files = new TinyTokenizer().WithTiktoken("b.tiktoken").WithTiktoken("a.tiktoken");

        Assert.Equal($"'{files.Folder}' holds 2 tiktoken files (a.tiktoken, b.tiktoken): name the one to use.", Fault(files.Folder));
    }

    [Fact]
    public void A_pattern_that_is_none_only_matters_to_encoding()
    {
        using var files = new TinyTokenizer().WithJson(pattern: "(");
        var tokenizer = TokenizerFolder.Load(files.Folder);

        Assert.Equal("hello", tokenizer.Decode([TinyTokenizer.Hello]));
        Assert.Contains("only decoding works", Assert.Throws<TokenizerException>(() => tokenizer.Encode("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_model_files_never_end_in_anything_but_a_sentence()
    {
        using var files = new TinyTokenizer().WithSentencePiece();
        string path = Path.Combine(files.Folder, "tokenizer.model");
        byte[] whole = File.ReadAllBytes(path);
        var random = new Random(5);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = [.. whole];
            for (int changes = 0; changes < 3; changes++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(path, bytes[..random.Next(bytes.Length)]);
            try
            {
                TokenizerFolder.Load(path).Decode([0]);
            }
            catch (TokenizerException)
            {
            }
        }
    }

    private static string Fault(string path) => Assert.Throws<TokenizerException>(() => TokenizerFolder.Load(path)).Message;
}
