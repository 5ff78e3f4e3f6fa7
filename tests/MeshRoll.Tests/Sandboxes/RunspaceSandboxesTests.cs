using MeshRoll.Errors;
using MeshRoll.Sandboxes;

namespace MeshRoll.Tests.Sandboxes;

public class RunspaceSandboxesTests
{
    private readonly RunspaceSandboxes _sandboxes = new();

    [Fact]
    public void Names_are_sandbox_sandbox_2_and_on_and_one_that_was_given_back_comes_again()
    {
        Assert.Equal("sandbox", _sandboxes.TakeName(null));
        Assert.Equal("sandbox-2", _sandboxes.TakeName(null));
        _sandboxes.ReturnName("sandbox");
        Assert.Equal("sandbox", _sandboxes.TakeName(null));
    }

    [Theory]
    [InlineData("blue")]
    [InlineData("BLUE")]
    public void A_name_is_taken_while_its_sandbox_starts_and_runs(string again)
    {
        var name = _sandboxes.TakeName("blue");
        Assert.Equal("MeshRoll.SandboxExists", Assert.Throws<CommandException>(() => _sandboxes.TakeName(again)).Id);

        _sandboxes.Add(MeshSandbox.Named(name));
        Assert.Equal("MeshRoll.SandboxExists", Assert.Throws<CommandException>(() => _sandboxes.TakeName(again)).Id);
    }

    [Fact]
    public async Task A_name_is_free_once_its_sandbox_was_removed()
    {
        var sandbox = Started("blue");
        await _sandboxes.RemoveAsync(sandbox);
        Assert.Equal("blue", _sandboxes.TakeName("blue"));
        Assert.Empty(_sandboxes.All);
    }

    [Fact]
    public void Who_names_none_means_the_newest()
    {
        Started("first");
        var second = Started("second");
        Assert.Same(second, _sandboxes.Resolve(null));
        Assert.Equal(["second", "first"], _sandboxes.All.Select(sandbox => sandbox.Name));
    }

    [Fact]
    public void A_property_bag_means_the_sandbox_of_its_name()
    {
        var sandbox = Started("blue");
        Started("green");
        Assert.Same(sandbox, _sandboxes.Resolve(MeshSandbox.Named("Blue")));
    }

    [Theory]
    [InlineData(null, false, "New-MeshSandbox starts one")]
    [InlineData("red", false, "no other one")]
    [InlineData("red", true, "There are: blue")]
    public void An_unknown_one_is_not_found_and_the_message_says_which_there_are(string? name, bool other, string said)
    {
        if (other) Started("blue");
        var error = Assert.Throws<CommandException>(() => _sandboxes.Resolve(name is null ? null : MeshSandbox.Named(name)));
        Assert.Equal("MeshRoll.SandboxNotFound", error.Id);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_the_end_none_is_left()
    {
        Started("blue");
        _sandboxes.End();
        _sandboxes.End();
        Assert.Empty(_sandboxes.All);
    }

    private MeshSandbox Started(string name)
    {
        var sandbox = MeshSandbox.Named(_sandboxes.TakeName(name));
        _sandboxes.Add(sandbox);
        return sandbox;
    }
}
