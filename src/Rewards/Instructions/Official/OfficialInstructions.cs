namespace Fleet.Rewards.Instructions.Official;
internal static class OfficialInstructions
{
    public static Instruction? Create(string id, Parameters parameters) => null;
}
