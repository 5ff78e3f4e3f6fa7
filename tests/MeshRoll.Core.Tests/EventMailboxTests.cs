namespace MeshRoll.Core.Tests;

public sealed class EventMailboxTests
{
    private readonly EventMailbox<string> _mailbox = new();

    [Fact]
    public async Task Events_come_in_order()
    {
        _mailbox.Post("a");
        _mailbox.Post("b");

        Assert.Equal(["a", "b"], await RestAsync());
    }

    [Fact]
    public async Task The_latest_takes_the_place_of_what_was_not_read()
    {
        _mailbox.PostLatest("web", "web 1 of 3");
        _mailbox.Post("other");
        _mailbox.PostLatest("web", "web 2 of 3");

        Assert.Equal(["web 2 of 3", "other"], await RestAsync());
    }

    [Fact]
    public async Task The_last_comes_at_the_end_and_alone()
    {
        _mailbox.PostLatest("web", "web 2 of 3");
        _mailbox.Post("other");
        _mailbox.PostLast("web", "web done");

        Assert.Equal(["other", "web done"], await RestAsync());
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken()
    {
        var reader = _mailbox.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);

        _mailbox.Post("a");

        Assert.True(await next);
        Assert.Equal("a", reader.Current);
    }

    [Fact]
    public async Task An_error_comes_after_what_was_posted_before()
    {
        _mailbox.Post("a");
        _mailbox.Complete(new InvalidOperationException("broken"));
        _mailbox.Post("too late");
        List<string> read = [];

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var news in _mailbox.ReadAllAsync(TestContext.Current.CancellationToken)) read.Add(news);
        });
        Assert.Equal(["a"], read);
    }

    [Fact]
    public async Task A_million_changes_unread_are_one()
    {
        for (var i = 0; i < 1_000_000; i++) _mailbox.PostLatest("web", "changed");

        Assert.Single(await RestAsync());
    }

    private async Task<List<string>> RestAsync()
    {
        _mailbox.Complete();
        List<string> rest = [];
        await foreach (var news in _mailbox.ReadAllAsync(TestContext.Current.CancellationToken)) rest.Add(news);
        return rest;
    }
}
