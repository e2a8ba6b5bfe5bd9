using System.Collections.Concurrent;

namespace Fleet.Worker.Tokens;

/// <summary>The tokenizers of a process: each folder is loaded once, whoever asks.</summary>
public sealed class TokenizerShelf
{
    private readonly ConcurrentDictionary<string, Lazy<TokenizerFolder>> _folders = new(StringComparer.Ordinal);

    /// <summary>The tokenizer in a folder.</summary>
    /// <exception cref="Contracts.FleetException">The folder holds no tokenizer that can be read.</exception>
    public TokenizerFolder Load(string path) =>
        _folders.GetOrAdd(Path.GetFullPath(path), full => new Lazy<TokenizerFolder>(() => TokenizerFolder.Load(full))).Value;
}
