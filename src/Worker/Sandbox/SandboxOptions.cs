using System.ComponentModel.DataAnnotations;

namespace Fleet.Worker.Sandbox;

/// <summary>How the worker reaches a slot.</summary>
public enum SlotTransport
{
    /// <summary>A socket where engine and worker share a file system, else attach.</summary>
    Auto,

    /// <summary>A Unix socket in a folder that the slot sees.</summary>
    Socket,

    /// <summary>The container's standard streams through the engine: also over a network, and from inside a container.</summary>
    Attach,
}

/// <summary>The settings of the sandbox: section <c>sandbox</c> of the configuration.</summary>
public sealed class SandboxOptions
{
    /// <summary>Where the engine listens.</summary>
    /// <value>A URI such as <c>unix:///var/run/docker.sock</c> or <c>tcp://host:2376</c>; the default is <c>DOCKER_HOST</c>, else Docker's own socket.</value>
    public string Engine { get; init; } = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock";

    /// <summary>The image of the slots.</summary>
    /// <value>The default is what <c>compose/images/make sandbox</c> makes.</value>
    [Required]
    public string Image { get; init; } = "fleet/sandbox:bookworm";

    /// <summary>How many rows are run at once, those not counted that take four times as long as the usual one (a tenth of a second at least; a second is long in any case): behind programs that loop or sleep until their limit the others go on, in up to three further slots for each.</summary>
    /// <value>1 to 512; the default is the number of processors.</value>
    [Range(1, 512)]
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>How many slots there are at most.</summary>
    internal int MostSlots => 4 * Slots;

    /// <summary>How many slots stay when there is nothing to do.</summary>
    /// <value>0 to 512; the default is 0.</value>
    [Range(0, 512)]
    public int IdleSlots { get; init; }

    /// <summary>Seconds after which an idle slot is given up.</summary>
    /// <value>1 to 86,400; the default is 60.</value>
    [Range(1, 86_400)]
    public double IdleSeconds { get; init; } = 60;

    /// <summary>Runs after which a slot is replaced by a fresh one.</summary>
    /// <value>1 to 1,000,000; the default is 5,000.</value>
    [Range(1, 1_000_000)]
    public int RunsPerSlot { get; init; } = 5_000;

    /// <summary>The most memory that a row may ask for, in megabytes; a slot has a little more.</summary>
    /// <value>64 to 65,536; the default is 1,024.</value>
    [Range(64, 65_536)]
    public int MaxMemoryMegabytes { get; init; } = 1_024;

    /// <summary>The most processes and threads in a slot.</summary>
    /// <value>16 to 4,096; the default is 64.</value>
    [Range(16, 4_096)]
    public int Processes { get; init; } = 64;

    /// <summary>Megabytes of the slot's only writable folder, <c>/tmp</c>, which is memory.</summary>
    /// <value>1 to 4,096; the default is 64.</value>
    [Range(1, 4_096)]
    public int TemporaryMegabytes { get; init; } = 64;

    /// <summary>The most bytes that a program may write to each of its output streams.</summary>
    /// <value>1,024 to 67,108,864; the default is 4,194,304.</value>
    [Range(1_024, 67_108_864)]
    public int OutputBytes { get; init; } = 4 << 20;

    /// <summary>How the worker reaches its slots.</summary>
    public SlotTransport Transport { get; init; }

    /// <summary>Seconds for which rows wait for an engine that does not answer before they fail.</summary>
    /// <value>0 to 3,600; the default is 20.</value>
    [Range(0, 3_600)]
    public double EnginePatienceSeconds { get; init; } = 20;

    /// <summary>Whether each slot is bound to one processor.</summary>
    /// <value>The default is true.</value>
    public bool Pin { get; init; } = true;

    /// <summary>The engine's runtime for slots, such as <c>runsc</c>.</summary>
    /// <value>Empty, the default, for the engine's own.</value>
    public string Runtime { get; init; } = "";

    /// <summary>Checks all settings.</summary>
    /// <exception cref="SandboxException">Names every setting that is out of its range.</exception>
    public void Validate()
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), faults, validateAllProperties: true);
        if (!Uri.TryCreate(Engine, UriKind.Absolute, out var engine) || engine.Scheme is not ("unix" or "tcp" or "http" or "https" or "npipe"))
            faults.Add(new ValidationResult($"Engine must be a URI of scheme unix, tcp, http, https or npipe, not \"{Engine}\"."));
        if (IdleSlots > Slots) faults.Add(new ValidationResult($"IdleSlots ({IdleSlots}) may not exceed Slots ({Slots})."));
        if (faults.Count > 0)
            throw new SandboxException("The sandbox's settings cannot work: " + string.Join(" ", faults.Select(fault => fault.ErrorMessage)), "", isTransient: false);
    }
}
