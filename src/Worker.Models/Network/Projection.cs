using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>A product with a matrix, and a sum with a bias where the weights have one.</summary>
internal sealed class Projection : IDisposable
{
    private Tensor _weight;
    private Tensor? _bias;

    /// <summary>Reads it; of several parts the outputs follow one another: the same numbers with fewer passes over memory.</summary>
    /// <param name="read">The weights.</param>
    /// <param name="inputs">Numbers that go in.</param>
    /// <param name="parts">Name and number of outputs of each part; all of them have a bias, or none has.</param>
    public Projection(WeightReader read, long inputs, params (string Name, long Outputs)[] parts)
    {
        _weight = Weight.Kept(read.ReadJoined([.. parts.Select(part => (part.Name + ".weight", new[] { part.Outputs, inputs }))]));
        _bias = read.Has(parts[0].Name + ".bias") ? Weight.Kept(read.ReadJoined([.. parts.Select(part => (part.Name + ".bias", new[] { part.Outputs }))])) : null;
    }

    public Tensor Of(Tensor x) => nn.functional.linear(x, _weight, _bias);

    public void MoveTo(Device device)
    {
        _weight = Weight.Moved(_weight, device);
        _bias = _bias is { } bias ? Weight.Moved(bias, device) : null;
    }

    public void Dispose()
    {
        _weight.Dispose();
        _bias?.Dispose();
    }
}
