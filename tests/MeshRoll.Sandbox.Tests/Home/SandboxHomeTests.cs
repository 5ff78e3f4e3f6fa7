using System.Diagnostics;
using System.Globalization;
using MeshRoll.Sandbox.Home;

namespace MeshRoll.Sandbox.Tests.Home;

public sealed class SandboxHomeTests : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("meshroll-home-").FullName;

    [Fact]
    public void A_home_is_its_owners_alone_and_gone_afterwards()
    {
        string path;
        using (var home = SandboxHome.Create(_temporary))
        {
            path = home.Path;
            File.WriteAllText(Path.Combine(path, "config"), "x");
            if (!OperatingSystem.IsWindows()) Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(path), 8));
        }
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_cleared_away_by_the_next()
    {
        var abandoned = Make($"meshroll-sandbox-{int.MaxValue}-{DateTime.UtcNow.Ticks:x}-one");
        // The id lives on in another process: the start time tells them apart.
        var reused = Make(string.Create(CultureInfo.InvariantCulture, $"meshroll-sandbox-{Environment.ProcessId}-{DateTime.UtcNow.AddDays(-3).Ticks:x}-two"));

        using var home = SandboxHome.Create(_temporary);
        await home.Clearing;

        Assert.False(Directory.Exists(abandoned));
        Assert.False(Directory.Exists(reused));
    }

    [Fact]
    public async Task What_lives_or_is_not_ours_stays()
    {
        using var process = Process.GetCurrentProcess();
        var living = Make(string.Create(CultureInfo.InvariantCulture, $"meshroll-sandbox-{process.Id}-{process.StartTime.ToUniversalTime().Ticks:x}-one"));
        var foreign = Make("meshroll-sandbox-of-somebody");

        using var home = SandboxHome.Create(_temporary);
        await home.Clearing;

        Assert.True(Directory.Exists(living));
        Assert.True(Directory.Exists(foreign));
    }

    [Fact]
    public void Two_at_once_do_not_meet()
    {
        using var one = SandboxHome.Create(_temporary);
        using var other = SandboxHome.Create(_temporary);
        Assert.NotEqual(one.Path, other.Path);
        Assert.True(Directory.Exists(one.Path));
    }

    [Fact]
    public void A_temporary_folder_that_is_not_there_is_one_sentence()
    {
        var file = Path.Combine(_temporary, "file");
        File.WriteAllText(file, "");
        Assert.Equal("MeshRoll.SandboxFolder", Assert.Throws<SandboxException>(() => SandboxHome.Create(file)).Id);
    }

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    private string Make(string name)
    {
        var path = Path.Combine(_temporary, name);
        Directory.CreateDirectory(path);
        return path;
    }
}
