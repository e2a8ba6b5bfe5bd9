using System.Collections.Immutable;

namespace Fleet.Contracts.Batches;

/// <summary>A column of numbers: a dense <see cref="Tensor"/> or the ragged token ids of a <see cref="TokenColumn"/>.</summary>
public abstract class BatchColumn : Column
{
    private protected BatchColumn(int length) : base(length) { }

    /// <summary>The element type of <see cref="ToTensor"/>.</summary>
    public abstract DType DType { get; }

    /// <summary>The shape of <see cref="ToTensor"/>; dimension 0 is the rows.</summary>
    public abstract ImmutableArray<int> Shape { get; }

    /// <summary>The dense form: itself for a tensor, the padded int64 form for tokens.</summary>
    public abstract Tensor ToTensor();

    internal override ImmutableArray<int> FullShape => Shape;
}
