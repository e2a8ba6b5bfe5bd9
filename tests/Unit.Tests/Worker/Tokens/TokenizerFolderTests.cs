using CsCheck;
using Fleet.Worker.Tokens;

namespace Fleet.Unit.Tests.Worker.Tokens;

public sealed class TokenizerFolderTests
{
    [Fact]
    public void Vocabulary_and_merges_encode_and_decode()
    {
        using var files = new TinyTokenizer().WithVocabulary();
        var tokenizer = TokenizerFolder.Load(files.Folder);

        Assert.Equal([TinyTokenizer.Hello, TinyTokenizer.SpaceW, 'o', 'r', 'l', 'd'], tokenizer.Encode("hello world"));
        Assert.Equal("hello wé", tokenizer.Decode([TinyTokenizer.Hello, TinyTokenizer.SpaceW, 0xC3, 0xA9]));
    }

    [Fact]
    public void Characters_cut_into_tokens_come_out_whole_and_broken_ones_as_python_replaces_them()
    {
        using var files = new TinyTokenizer().WithVocabulary();
        var decoder = TokenizerFolder.Load(files.Folder).Decoder;

        Assert.Equal("😀", decoder.Decode([0xF0, 0x9F, 0x98, 0x80]));
        // What bytes.decode("utf-8", errors="replace") gives for the same bytes.
        Assert.Equal("\ufffdA", decoder.Decode([0xF0, 0x9F, 0x98, 'A']));
        Assert.Equal("\ufffd\ufffd\ufffd", decoder.Decode([0xED, 0xA0, 0x80]));
        Assert.Equal("\ufffd\ufffd", decoder.Decode([0xC0, 0xAF]));
        Assert.Equal("\ufffd", decoder.Decode([0xE2, 0x82]));
        Assert.Equal("\ufffd(\ufffd", decoder.Decode([0xE2, 0x28, 0xA1]));
    }

    [Fact]
    public void Special_tokens_are_skipped_only_when_asked_and_other_added_tokens_never()
    {
        using var files = new TinyTokenizer().WithJson();
        var tokenizer = TokenizerFolder.Load(files.Folder);
        int[] ids = [TinyTokenizer.Tool, TinyTokenizer.Hello, TinyTokenizer.End];

        Assert.Equal("<tool>hello", tokenizer.Decode(ids));
        Assert.Equal("<tool>hello<|end|>", tokenizer.Decode(ids, skipSpecialTokens: false));
        Assert.Equal(ids, tokenizer.Encode("<tool>hello<|end|>"));
        Assert.Equal(TinyTokenizer.End, tokenizer.NamedIds["<|end|>"]);
    }

    [Fact]
    public void Merges_may_be_pairs()
    {
        using var files = new TinyTokenizer().WithJson(pairs: true);

        Assert.Equal([TinyTokenizer.Hello], TokenizerFolder.Load(files.Folder).Encode("hello"));
    }

    [Fact]
    public void An_unknown_id_is_named_with_its_position()
    {
        using var files = new TinyTokenizer().WithVocabulary(("x", 400));
        var decoder = TokenizerFolder.Load(files.Folder).Decoder;

        foreach (int id in new[] { 261, 401, -1, int.MinValue })
        {
            var fault = Assert.Throws<TokenizerException>(() => decoder.Decode(['a', 'b', id]));
            Assert.Equal(
                $"The id {id} at position 2 is not in the vocabulary, whose ids are 0 to 400 with some left out: decode with the tokenizer that made the ids.",
                fault.Message);
            Assert.False(fault.IsTransient);
        }
    }

    [Fact]
    public void The_small_files_say_what_is_special()
    {
        using var files = new TinyTokenizer().WithVocabulary(("<|mark|>", 270))
            .With("tokenizer_config.json", """
                {"eos_token":{"content":"<end>"},"pad_token":"<pad>","added_tokens_decoder":{"301":{"content":"<start>","special":true},"302":{"content":"<tool>","special":false}}}
                """)
            .With("special_tokens_map.json", """{"additional_special_tokens":["<image>"]}""")
            .With("added_tokens.json", """{"<end>":300,"<image>":303,"<plain>":304,"<pad>":305}""");
        var tokenizer = TokenizerFolder.Load(files.Folder);

        Assert.Equal("<tool><plain><|mark|>", tokenizer.Decode([300, 301, 302, 303, 304, 305, 270]));
        Assert.Equal((300, 305, null), (tokenizer.EosId, tokenizer.PadId, tokenizer.BosId));
    }

    [Fact]
    public void Without_small_files_what_looks_special_is()
    {
        using var files = new TinyTokenizer().WithVocabulary(("<|mark|>", 270));
        var tokenizer = TokenizerFolder.Load(files.Folder);

        Assert.Equal("hello", tokenizer.Decode([TinyTokenizer.Hello, 270]));
        Assert.Equal("hello<|mark|>", tokenizer.Decode([TinyTokenizer.Hello, 270], skipSpecialTokens: false));
    }

    [Fact]
    public void Spaces_are_tidied_only_where_the_files_say_so()
    {
        int[] ids = [.. "a . b n't".Select(character => (int)character)];
        using var plain = new TinyTokenizer().WithVocabulary();
        using var tidy = new TinyTokenizer().WithVocabulary().With("tokenizer_config.json", """{"clean_up_tokenization_spaces":true}""");

        Assert.Equal("a . b n't", TokenizerFolder.Load(plain.Folder).Decode(ids));
        Assert.Equal("a. bn't", TokenizerFolder.Load(tidy.Folder).Decode(ids));
    }

    [Fact]
    public void A_qwen_tiktoken_file_has_the_special_tokens_of_qwen()
    {
        using var files = new TinyTokenizer().WithTiktoken("qwen.tiktoken");
        var tokenizer = TokenizerFolder.Load(files.Folder);

        Assert.Equal((261, 262, 263), (tokenizer.NamedIds["<|endoftext|>"], tokenizer.NamedIds["<|im_start|>"], tokenizer.NamedIds["<|im_end|>"]));
        Assert.Equal("hello", tokenizer.Decode([262, 259, 263, 261]));
        Assert.Equal([262, 259, 260, 263], tokenizer.Encode("<|im_start|>hello w<|im_end|>"));
    }

    [Fact]
    public void Another_tiktoken_file_takes_its_special_tokens_from_its_configuration()
    {
        using var bare = new TinyTokenizer().WithTiktoken("other.tiktoken");
        using var configured = new TinyTokenizer().WithTiktoken("tokenizer.model")
            .With("tokenizer_config.json", """{"added_tokens_decoder":{"280":{"content":"<|eot|>","special":true}},"eos_token":"<|eot|>"}""");

        Assert.Equal(261, TokenizerFolder.Load(Path.Combine(bare.Folder, "other.tiktoken")).Decoder.Count);
        Assert.Equal("hello", TokenizerFolder.Load(configured.Folder).Decode([259, 280]));
        Assert.Equal(280, TokenizerFolder.Load(configured.Folder).EosId);
    }

    [Fact]
    public void Sentence_pieces_have_spaces_bytes_and_marks()
    {
        using var files = new TinyTokenizer().WithSentencePiece();
        using var bare = new TinyTokenizer().WithSentencePiece(addsSpace: false);
        int[] ids = [1, 259, 260, 3 + 0xC3, 3 + 0xA9, 261, 2, 0];

        Assert.Equal("hello worldé<0x41>", TokenizerFolder.Load(files.Folder).Decode(ids));
        Assert.Equal("<s> hello worldé<0x41></s><unk>", TokenizerFolder.Load(files.Folder).Decode(ids, skipSpecialTokens: false));
        Assert.Equal(" hello worldé<0x41>", TokenizerFolder.Load(bare.Folder).Decode(ids));
    }

    [Fact]
    public void A_tokenizer_json_with_spaced_pieces_decodes()
    {
        using var files = new TinyTokenizer().With("tokenizer.json", """
            {"added_tokens":[{"id":0,"content":"<s>","special":true}],
             "decoder":{"type":"Sequence","decoders":[{"type":"Replace"},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
             "model":{"type":"BPE","vocab":{"<s>":0,"<0xC3>":1,"<0xA9>":2,"▁hello":3},"merges":[]}}
            """);
        var tokenizer = TokenizerFolder.Load(files.Folder);

        Assert.Equal("helloé hello", tokenizer.Decode([0, 3, 1, 2, 3]));
        Assert.Contains("tokenizer.model", Assert.Throws<TokenizerException>(() => tokenizer.Encode("hello")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_comes_back_from_its_ids()
    {
        using var files = new TinyTokenizer().WithJson().With("special_tokens_map.json", """{"eos_token":"<|end|>"}""");
        var tokenizer = TokenizerFolder.Load(files.Folder);

        Gen.OneOf(Gen.String, Gen.Int[0, 5].Select(choice => new[] { "hello", " hello<tool>", "é😀", "\r\n\t ", "<|end|>", "12" }[choice]).Array[0, 6].Select(string.Concat)).Sample(text =>
        {
            text = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
            return tokenizer.Decode([.. tokenizer.Encode(text)], skipSpecialTokens: false) == text;
        }, iter: 300, seed: "0000KOIPe036");
    }
}
