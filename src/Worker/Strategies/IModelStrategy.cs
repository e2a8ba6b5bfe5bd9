using Fleet.Contracts.Batches;

namespace Fleet.Worker.Strategies;

/// <summary>The model behind a worker: what it generates or scores with, and where its weights are.</summary>
/// <remarks>A worker that only follows rules has none.</remarks>
public interface IModelStrategy : IAsyncDisposable
{
    /// <summary>Whether the model scores sequences, once it is loaded; one that only continues texts does not.</summary>
    bool Scores => true;

    /// <summary>Loads the model.</summary>
    Task InitializeAsync(CancellationToken cancellation);

    /// <summary>Brings the weights onto the device.</summary>
    Task LoadStatesAsync(CancellationToken cancellation);

    /// <summary>Takes the weights off the device.</summary>
    Task OffloadStatesAsync(CancellationToken cancellation);

    /// <summary>Writes the model's state into a folder, which <see cref="LoadStateAsync"/> reads.</summary>
    Task SaveStateAsync(string folder, CancellationToken cancellation);

    /// <summary>Takes over the state of a folder, in place of the weights that are loaded.</summary>
    /// <exception cref="Contracts.FleetException">The folder holds no state of this model.</exception>
    Task LoadStateAsync(string folder, CancellationToken cancellation);

    /// <summary>Empties the device cache.</summary>
    Task ClearCacheAsync(CancellationToken cancellation);

    /// <summary>Continues prompts.</summary>
    Task<DataProto> GenerateAsync(DataProto prompts, CancellationToken cancellation);

    /// <summary>Scores sequences.</summary>
    /// <returns><c>score</c>, <c>reason</c> and <c>detail</c> of each row: null with a reason for a row whose own data cannot be scored, NaN where the model failed.</returns>
    Task<DataProto> ScoreAsync(DataProto sequences, CancellationToken cancellation);
}
