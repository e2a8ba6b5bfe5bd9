using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>Tensors that outlive the scope in which they were made.</summary>
internal static class Weight
{
    /// <summary>The tensor, which its owner disposes of.</summary>
    public static Tensor Kept(Tensor tensor) => tensor.DetachFromDisposeScope();

    /// <summary>The tensor on a device; the old one is gone.</summary>
    public static Tensor Moved(Tensor tensor, Device device)
    {
        var moved = tensor.to(device);
        if (!ReferenceEquals(moved, tensor) && moved.Handle != tensor.Handle) tensor.Dispose();
        return Kept(moved);
    }
}
