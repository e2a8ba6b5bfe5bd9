using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>Brings the last axis to a mean square of 1 and weighs its numbers.</summary>
/// <remarks>Source: arXiv 1910.07467.</remarks>
internal sealed class Norm(Tensor weight, double epsilon) : IDisposable
{
    private Tensor _weight = Weight.Kept(weight);

    public Tensor Of(Tensor x)
    {
        // In single precision whatever the weights are: a mean of squares of half precision overflows.
        var wide = x.to_type(ScalarType.Float32);
        var scale = (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return (wide * scale).to_type(x.dtype) * _weight;
    }

    public void MoveTo(Device device) => _weight = Weight.Moved(_weight, device);

    public void Dispose() => _weight.Dispose();
}
