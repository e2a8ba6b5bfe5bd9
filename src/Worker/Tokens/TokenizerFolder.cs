#pragma warning disable CS1591
namespace Fleet.Worker.Tokens;
public sealed class TokenizerFolder { public static TokenizerFolder Load(string path) => throw new NotSupportedException(path); public Decoder Decoder { get; } = new(); }
public sealed class Decoder { public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens) => throw new NotSupportedException(); }
