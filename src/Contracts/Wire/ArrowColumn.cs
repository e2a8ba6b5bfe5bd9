using Apache.Arrow;

namespace Fleet.Contracts.Wire;

/// <summary>One column as Arrow has it.</summary>
/// <param name="Field">Name, type and attributes.</param>
/// <param name="Data">The buffers.</param>
internal sealed record ArrowColumn(Field Field, ArrayData Data);
