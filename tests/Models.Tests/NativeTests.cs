using System.Text;
using Fleet.Worker.Models.Native;

namespace Fleet.Models.Tests;

public class NativeTests
{
    private static string Bridge => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [Fact]
    public void The_mend_changes_one_field_and_only_once()
    {
        var image = File.ReadAllBytes(Bridge);
        var before = image.ToArray();
        Assert.Equal(1, ElfVersionMend.MakeWeak(image, "GLIBCXX_3.4.32"));
        var changed = Enumerable.Range(0, image.Length).Where(i => image[i] != before[i]).ToList();
        Assert.Equal((0, 2), (before[changed.Single()], image[changed.Single()]));
        Assert.Equal(1, ElfVersionMend.MakeWeak(image, "GLIBCXX_3.4.32"));
        Assert.Single(Enumerable.Range(0, image.Length), i => image[i] != before[i]);
    }

    [Fact]
    public void A_version_that_is_not_needed_changes_nothing()
    {
        var image = File.ReadAllBytes(Bridge);
        var before = image.ToArray();
        Assert.Equal(0, ElfVersionMend.MakeWeak(image, "GLIBCXX_9.9.9"));
        Assert.Equal(before, image);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ is another kind of file, long enough to have had a header of 64 bytes.")]
    public void What_is_no_elf_file_is_left_alone(string text) => Assert.Equal(0, ElfVersionMend.MakeWeak(Encoding.ASCII.GetBytes(text), "GLIBCXX_3.4.32"));

    [Fact]
    public void Looking_for_libtorch_loads_nothing()
    {
        _ = TorchLibrary.Folder();
        if (TorchLibrary.Folder() is null) Assert.DoesNotContain("libtorch_cpu", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }
}
