using static TorchSharp.torch;

namespace Fleet.Worker.Models.Network;

/// <summary>Rotary positions: each pair of a head's numbers is turned by its frequency times the token's position.</summary>
/// <remarks>Source: arXiv 2104.09864; the pairs are (i, i + width/2), as the Hugging Face weights have them.</remarks>
internal sealed class Rotary : IDisposable
{
    private readonly double[] _frequencies;
    private Tensor? _cosines;
    private Tensor? _sines;
    private long _positions;

    public Rotary(ModelConfig config)
    {
        _frequencies = new double[config.HeadWidth / 2];
        for (var i = 0; i < _frequencies.Length; i++) _frequencies[i] = Stretched(Math.Pow(config.RotaryBase, -2.0 * i / config.HeadWidth), config.RotaryScaling);
    }

    /// <summary>The cosines and sines of these positions.</summary>
    /// <param name="positions">int64 [B, T].</param>
    /// <param name="longest">No position is as high as this.</param>
    /// <param name="type">The type of the result, float [B, 1, T, width].</param>
    public (Tensor Cosines, Tensor Sines) At(Tensor positions, long longest, ScalarType type)
    {
        Prepare(longest, positions.device);
        var shape = new[] { positions.shape[0], 1, positions.shape[1], _frequencies.Length * 2 };
        var flat = positions.reshape(-1);
        return (_cosines!.index_select(0, flat).reshape(shape).to_type(type), _sines!.index_select(0, flat).reshape(shape).to_type(type));
    }

    /// <summary>Turns the heads.</summary>
    public static Tensor Turn(Tensor heads, Tensor cosines, Tensor sines)
    {
        var half = heads.shape[^1] / 2;
        var turned = cat([heads.narrow(-1, half, half).neg(), heads.narrow(-1, 0, half)], -1);
        return (heads * cosines) + (turned * sines);
    }

    public void Dispose()
    {
        _cosines?.Dispose();
        _sines?.Dispose();
    }

    private void Prepare(long longest, Device device)
    {
        if (_positions >= longest && _cosines!.device_type == device.type && _cosines.device_index == device.index) return;
        _positions = Math.Max(longest, Math.Max(_positions, 512));
        var width = _frequencies.Length;
        var cosines = new float[_positions * width * 2];
        var sines = new float[_positions * width * 2];
        for (var position = 0; position < _positions; position++)
            for (var i = 0; i < width * 2; i++)
                (sines[(position * width * 2) + i], cosines[(position * width * 2) + i]) = ((float, float))Math.SinCos(position * _frequencies[i % width]);

        Dispose();
        _cosines = tensor(cosines, [_positions, width * 2], device: device).DetachFromDisposeScope();
        _sines = tensor(sines, [_positions, width * 2], device: device).DetachFromDisposeScope();
    }

    private static double Stretched(double frequency, RotaryScaling? scaling)
    {
        if (scaling is null) return frequency;
        if (scaling.LowFrequencyFactor is not { } low) return frequency / scaling.Factor;
        var turns = scaling.OriginalPositions * frequency / (2 * Math.PI);
        var kept = Math.Clamp((turns - low) / (scaling.HighFrequencyFactor - low), 0, 1);
        return ((1 - kept) * frequency / scaling.Factor) + (kept * frequency);
    }
}
