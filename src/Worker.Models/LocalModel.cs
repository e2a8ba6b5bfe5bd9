using Fleet.Worker.Models.Chat;
using Fleet.Worker.Models.Generation;
using Fleet.Worker.Models.Native;
using Fleet.Worker.Models.Network;
using Fleet.Worker.Models.Weights;
using Fleet.Worker.Tokens;
using static TorchSharp.torch;

namespace Fleet.Worker.Models;

/// <summary>A model of a Hugging Face folder on this machine: continues texts, scores them, or gives their tokens values.</summary>
/// <remarks>Safe from many threads; passes run one after the other.</remarks>
public sealed class LocalModel : IDisposable
{
    private static readonly string[] StateFiles = ["*.json", "*.safetensors", "*.model", "*.tiktoken", "*.txt", "*.jinja"];

    private readonly LocalModelOptions _options;
    private readonly Device _device;
    private readonly Lock _lock = new();
    private Transformer _body;
    private ModelHead _head;
    private ChatFormat? _chat;
    private bool _isDisposed;

    private LocalModel(string path, ModelConfig config, WeightFolder folder, LocalModelOptions options, Device device, ScalarType type)
    {
        Path = path;
        Config = config;
        _options = options;
        _device = device;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _body = new Transformer(config, folder, type, device);
        _head = new ModelHead(config, folder, _body);
        Tokenizer = HasTokenizer(path) ? TokenizerFolder.Load(path) : null;
    }

    /// <summary>The folder.</summary>
    public string Path { get; private set; }

    /// <summary>What the folder says of the model.</summary>
    public ModelConfig Config { get; private set; }

    /// <summary>The tokenizer beside the weights; null when the folder has none.</summary>
    public TokenizerFolder? Tokenizer { get; private set; }

    /// <summary>How the model wants a conversation spelled.</summary>
    /// <exception cref="ModelException">The folder has no tokenizer, or a chat template of an unknown form.</exception>
    public ChatFormat Chat => _chat ??= ChatFormat.Of(Path, Tokenizer ?? throw new ModelException($"There is no tokenizer in {Path}, and texts need one."));

    /// <summary>Whether the weights are on the device that was asked for.</summary>
    public bool IsOnDevice { get; private set; } = true;

    /// <summary>The longest row, in tokens.</summary>
    public int MaxTokens => Math.Min(_options.MaxTokens ?? Config.MaxPositions, Config.MaxPositions);

    /// <summary>Loads a model.</summary>
    /// <exception cref="ModelException">The folder, the device or libtorch are not what they have to be.</exception>
    public static LocalModel Load(string path, LocalModelOptions? options = null)
    {
        options ??= new LocalModelOptions();
        var config = ModelConfig.Read(path);
        TorchLibrary.Require();
        var device = TorchWords.Device(options.Device);
        var type = TorchWords.Type(options.Type ?? (device.type == TorchSharp.DeviceType.CUDA ? "bf16" : "fp32"));
        using var folder = WeightFolder.Open(path);
        return new LocalModel(path, ModelHead.Settle(config, folder), folder, options, device, type);
    }

    /// <summary>Brings the weights onto the device.</summary>
    public void LoadStates() => Move(_device, onDevice: true);

    /// <summary>Takes the weights off the device, into the machine's memory.</summary>
    public void OffloadStates() => Move(CPU, onDevice: false);

    /// <summary>Writes the model into a folder: its files as they are, since nothing here changes weights.</summary>
    public void SaveState(string folder)
    {
        Directory.CreateDirectory(folder);
        if (System.IO.Path.GetFullPath(folder) == System.IO.Path.GetFullPath(Path)) return;
        foreach (var file in StateFiles.SelectMany(pattern => Directory.EnumerateFiles(Path, pattern))) File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)), overwrite: true);
    }

    /// <summary>Takes over the weights of a folder; they are where the old ones were, on the device or off it.</summary>
    /// <exception cref="ModelException">The folder holds another kind of model, or none; the old weights stay.</exception>
    public void LoadState(string folder)
    {
        using var other = Load(folder, _options);
        if ((other.Config.Task, other.Config.Vocabulary) != (Config.Task, Config.Vocabulary))
        {
            throw new ModelException($"The model in {folder} is a {other.Config.Task} over {other.Config.Vocabulary} tokens; loaded is a {Config.Task} over {Config.Vocabulary}.");
        }

        lock (_lock)
        {
            if (!IsOnDevice) other.OffloadStates();
            (Path, Config, Tokenizer, _chat) = (other.Path, other.Config, other.Tokenizer, null);
            (_body, other._body) = (other._body, _body);
            (_head, other._head) = (other._head, _head);
        }
    }

    /// <summary>Continues prompts, in batches.</summary>
    /// <returns>One answer for each request, in their order.</returns>
    /// <exception cref="ModelException">The model does not continue texts, its weights are off the device, or a request does not fit.</exception>
    public IReadOnlyList<Generated> Generate(IReadOnlyList<GenerationRequest> requests, CancellationToken cancellationToken)
    {
        if (Config.Task != ModelTask.Causal) throw new ModelException($"The model in {Path} scores and does not continue texts.");
        foreach (var request in requests)
        {
            if (request.Fault is { } fault) throw new ModelException(fault);
            Check(request.Prompt, request.MaxNewTokens);
        }

        // Their prompts are read in pieces, so only the tokens count.
        var answers = new Generated[requests.Count];
        foreach (var pass in Passes.Of([.. requests.Select(request => (request.Prompt.Count, request.MaxNewTokens))], _options.BatchSize, mostPairs: long.MaxValue))
        {
            lock (_lock)
            {
                RequireOnDevice();
                var continuation = new Continuation(_body, _head, Tokenizer?.Decoder.Count ?? Config.Vocabulary, ids => Text(ids));
                foreach (var (i, answer) in pass.Zip(continuation.Run([.. pass.Select(i => requests[i])], cancellationToken))) answers[i] = answer;
            }
        }

        return answers;
    }

    /// <summary>What the head says at each token of each row.</summary>
    /// <returns>For each row, one list for each token: logits over the vocabulary, or over the labels.</returns>
    public IReadOnlyList<float[][]> Outputs(IReadOnlyList<IReadOnlyList<int>> rows, CancellationToken cancellationToken) => Outputs(rows, lastOnly: false, cancellationToken);

    /// <summary>What the head says at the last token of each row: the scores of a sequence classifier.</summary>
    /// <returns>For each row, one number for each label.</returns>
    public IReadOnlyList<float[]> LastOutputs(IReadOnlyList<IReadOnlyList<int>> rows, CancellationToken cancellationToken) => [.. Outputs(rows, lastOnly: true, cancellationToken).Select(row => row[0])];

    /// <summary>The text of tokens; a padded vocabulary has ids that mean nothing, and they are left out.</summary>
    public string Text(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        if (Tokenizer is null) return "";
        try
        {
            return Tokenizer.Decode([.. ids], skipSpecialTokens);
        }
        catch (TokenizerException) when (ids.Count > 1)
        {
            return string.Concat(ids.Select(id => Text([id], skipSpecialTokens)));
        }
        catch (TokenizerException)
        {
            return "";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _head.Dispose();
            _body.Dispose();
        }
    }

    private float[][][] Outputs(IReadOnlyList<IReadOnlyList<int>> rows, bool lastOnly, CancellationToken cancellationToken)
    {
        foreach (var row in rows) Check(row, 0);
        var outputs = new float[rows.Count][][];
        foreach (var pass in Passes.Of([.. rows.Select(row => (row.Count, 0))], _options.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock)
            {
                RequireOnDevice();
                using var quiet = inference_mode();
                using var scope = NewDisposeScope();
                var tokens = TokenRows.Of([.. pass.Select(i => rows[i])], _body.Device);
                var hidden = _body.Forward(tokens.Ids, tokens.Positions, tokens.CausalMask(_body.Type, 0, tokens.Longest), tokens.Longest);
                if (lastOnly) hidden = hidden.narrow(1, tokens.Longest - 1, 1);
                var output = _head.Of(hidden).to_type(ScalarType.Float32).cpu();
                var (width, count) = ((int)output.shape[2], (int)output.shape[1]);
                for (var r = 0; r < pass.Length; r++)
                {
                    var kept = lastOnly ? 1 : rows[pass[r]].Count;
                    var flat = output[r].narrow(0, count - kept, kept).contiguous().data<float>().ToArray();
                    outputs[pass[r]] = [.. flat.Chunk(width)];
                }
            }
        }

        return outputs;
    }

    private void Check(IReadOnlyList<int> row, int more)
    {
        if (row.Count == 0) throw new ModelException("A row has no tokens; at least one is needed.");
        if (row.Count + (long)more > MaxTokens) throw new ModelException($"A row has {row.Count} tokens and {more} to come; the model in {Path} takes {MaxTokens}.");
        foreach (var id in row)
            if (id < 0 || id >= Config.Vocabulary) throw new ModelException($"The token id {id} is not in the model's vocabulary of {Config.Vocabulary}; were the ids made with another tokenizer?");
    }

    private void RequireOnDevice()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!IsOnDevice) throw new ModelException($"The weights of {Path} are off the device; call load_states first.");
    }

    private void Move(Device device, bool onDevice)
    {
        lock (_lock)
        {
            if (IsOnDevice == onDevice) return;
            using var quiet = no_grad();
            using var scope = NewDisposeScope();
            _body.MoveTo(device);
            _head.MoveTo(device, _body);
            IsOnDevice = onDevice;
        }
    }

    private static bool HasTokenizer(string path) =>
        new[] { "tokenizer.json", "vocab.json", "tokenizer.model" }.Any(file => File.Exists(System.IO.Path.Combine(path, file))) || Directory.EnumerateFiles(path, "*.tiktoken").Any();
}
