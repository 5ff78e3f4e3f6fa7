using MeshRoll.Kubernetes.Authentication;
using MeshRoll.Kubernetes.Configuration;

namespace MeshRoll.Kubernetes.Tests.Authentication;

public sealed class PluginProgramTests
{
    [Theory]
    [InlineData("aws", "/usr/bin/aws", "/usr/bin/aws")]
    [InlineData("aws", "/usr/local/bin/aws /usr/bin/aws", "/usr/local/bin/aws")]
    [InlineData("aws", "/home/jane/.kube/aws /work/aws", null)]
    [InlineData("./aws", "/home/jane/.kube/aws", "/home/jane/.kube/aws")]
    [InlineData("bin/aws", "/home/jane/.kube/bin/aws /work/bin/aws", "/home/jane/.kube/bin/aws")]
    [InlineData("/opt/aws", "/opt/aws", "/opt/aws")]
    [InlineData("a\0b", "/usr/bin/a", null)]
    public void A_program_is_found_in_path_or_beside_the_kubeconfig(string command, string present, string? found)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths of this table are Unix paths.");
        var files = present.Split(' ');
        var environment = new ConfigurationEnvironment
        {
            IsWindows = false,
            CurrentDirectory = () => "/work",
            FileExists = files.Contains,
            Variable = name => name == "PATH" ? ".:/usr/local/bin::/usr/bin" : null,
        };

        Assert.Equal(found, PluginProgram.Find(command, "/home/jane/.kube", environment));
    }

    [Theory]
    [InlineData("aws", "/usr/bin/aws.EXE", "/usr/bin/aws.EXE")]
    [InlineData("aws.exe", "/usr/bin/aws.exe", "/usr/bin/aws.exe")]
    [InlineData("gcloud", "/usr/bin/gcloud.CMD", "/usr/bin/gcloud.CMD")]
    [InlineData("aws", "/usr/bin/aws", null)]
    public void On_windows_the_extension_may_be_left_out(string command, string present, string? found)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The paths of this table are Unix paths.");
        var environment = new ConfigurationEnvironment
        {
            IsWindows = true,
            FileExists = present.Equals,
            Variable = name => name == "PATH" ? "/usr/bin" : null,
        };

        Assert.Equal(found, PluginProgram.Find(command, "/", environment));
    }

    [Theory]
    [InlineData(@"C:\x\gcloud.cmd", "a&calc", false)]
    [InlineData(@"C:\x\gcloud.BAT", "%PATH%", false)]
    [InlineData(@"C:\x\gcloud.cmd", "get-token", true)]
    [InlineData(@"C:\x\aws.exe", "a&calc", true)]
    public void A_batch_file_gets_no_argument_cmd_would_change(string program, string argument, bool literal) =>
        Assert.Equal(literal, PluginProgram.TakesArgumentsLiterally(program, [argument]));
}
