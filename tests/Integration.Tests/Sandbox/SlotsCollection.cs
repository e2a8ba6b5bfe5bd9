namespace Fleet.Integration.Tests.Sandbox;

/// <summary>Tests that run slots in this process: some end all of its slots, so no two run beside each other.</summary>
[CollectionDefinition(Name)]
public sealed class SlotsCollection
{
    public const string Name = "slots of this process";
}
