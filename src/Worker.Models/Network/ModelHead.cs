using Fleet.Worker.Models.Weights;
using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>What makes logits, labels or values of hidden states.</summary>
internal sealed class ModelHead : IDisposable
{
    // Classifiers call their head score; value heads of causal models have names of their own.
    private static readonly string[] ValueHeads = ["v_head.summary.weight", "v_head.weight", "value_head.weight"];
    private static readonly string[] Heads = ["score.weight", .. ValueHeads, "classifier.weight"];

    private readonly bool _isEmbedding;
    private Tensor? _bias;

    /// <summary>Reads the head that the model's task needs.</summary>
    /// <exception cref="ModelException">The folder has none.</exception>
    public ModelHead(ModelConfig config, WeightFolder folder, Transformer body)
    {
        var read = new WeightReader(folder, body.Type, body.Device);
        if (config.Task == ModelTask.Causal)
        {
            var name = config.TiedHead ? null : folder.FirstOf("lm_head.weight", "pretrained_model.lm_head.weight");
            _isEmbedding = name is null;
            Matrix = name is null ? body.Embedding : Weight.Kept(read.Read(name, config.Vocabulary, config.Hidden));
            return;
        }

        var weight = folder.FirstOf(Heads) ?? throw new ModelException($"The weights in {folder.Path} have no head for {config.Task}: none of {string.Join(", ", Heads)}.");
        var labels = ValueHeads.Contains(weight) ? 1 : config.Labels;
        var bias = weight[..^"weight".Length] + "bias";
        Matrix = Weight.Kept(read.Read(weight, labels, config.Hidden));
        _bias = read.Has(bias) ? Weight.Kept(read.Read(bias, labels)) : null;
    }

    /// <summary>float [vocabulary or labels, hidden].</summary>
    public Tensor Matrix { get; private set; }

    /// <summary>What the weights say of the model beyond its configuration: one that continues texts gives values where it has a head for them.</summary>
    /// <remarks>TRL writes <c>v_head.*</c> beside the weights of the model that it wraps, and the architecture of that model.</remarks>
    public static ModelConfig Settle(ModelConfig config, WeightFolder folder) =>
        config.Task == ModelTask.Causal && folder.FirstOf(ValueHeads) is not null ? config with { Task = ModelTask.TokenValues } : config;

    /// <summary>The outputs of hidden states.</summary>
    /// <returns>float [..., vocabulary or labels].</returns>
    public Tensor Of(Tensor hidden) => nn.functional.linear(hidden, Matrix, _bias);

    /// <summary>Moves the weights, after those of the body.</summary>
    public void MoveTo(Device device, Transformer body)
    {
        Matrix = _isEmbedding ? body.Embedding : Weight.Moved(Matrix, device);
        _bias = _bias is { } bias ? Weight.Moved(bias, device) : null;
    }

    public void Dispose()
    {
        if (!_isEmbedding) Matrix.Dispose();
        _bias?.Dispose();
    }
}
