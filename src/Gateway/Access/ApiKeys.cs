using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts;

namespace Fleet.Gateway.Access;

/// <summary>The keys that callers may show. Only their hashes are kept.</summary>
public sealed class ApiKeys
{
    /// <summary>The environment variable that holds a key.</summary>
    public const string Variable = "FLEET_API_KEY";

    private const int MinimumLength = 8;

    private readonly byte[][] _hashes;

    private ApiKeys(IEnumerable<string> keys) => _hashes = [.. keys.Select(Hash)];

    /// <summary>No key: everybody is let in.</summary>
    public static ApiKeys None { get; } = new([]);

    /// <summary>Whether everybody is let in.</summary>
    public bool IsEmpty => _hashes.Length == 0;

    /// <summary>The keys of a file, one a line, and of the environment. Several keys let an old one run out.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <param name="variable">What the environment holds; null or empty for nothing.</param>
    /// <exception cref="FleetException">The file cannot be read or holds no key, or a key is too short.</exception>
    public static ApiKeys Load(string? file, string? variable)
    {
        var keys = new List<string>();
        if (!string.IsNullOrWhiteSpace(variable)) keys.Add(variable.Trim());
        if (file is not null)
        {
            var lines = Read(file).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToList();
            if (lines.Count == 0) throw new FleetException($"The file '{file}' holds no API key; write one key a line.");
            keys.AddRange(lines);
        }

        if (keys.Exists(key => key.Length < MinimumLength)) throw new FleetException($"An API key has fewer than {MinimumLength} characters; take a longer one, such as the output of 'openssl rand -hex 24'.");
        return keys.Count == 0 ? None : new ApiKeys(keys);
    }

    /// <summary>Whether a key is one of them; how long the answer takes says nothing about the key.</summary>
    public bool Has(string key)
    {
        var hash = Hash(key);
        var found = false;
        foreach (var known in _hashes) found |= CryptographicOperations.FixedTimeEquals(known, hash);
        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static string[] Read(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"The API key file '{file}' cannot be read: {unreadable.Message}", inner: unreadable);
        }
    }
}
