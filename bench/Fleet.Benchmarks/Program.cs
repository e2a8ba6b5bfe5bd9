using Fleet.Benchmarks;

return args switch
{
    ["ifeval", .. var rest] => InstructionsBenchmark.Run(rest),
    _ => 2,
};
