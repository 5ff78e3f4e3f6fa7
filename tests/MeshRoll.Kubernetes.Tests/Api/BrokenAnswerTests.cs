using MeshRoll.Kubernetes.Api;
using MeshRoll.Kubernetes.Tests.Builders;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Api;

/// <summary>Whatever a server does, a list ends: with its objects, or with one kind of exception.</summary>
public sealed class BrokenAnswerTests
{
    private static readonly TestPod[] Two = [new("a"), new("b")];

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task Every_beginning_of_a_list_gives_its_first_objects_and_then_a_clear_error(string type)
    {
        var whole = type == Protobuf ? TestPod.ProtobufList(Two) : TestPod.JsonList(Two);
        for (var length = 0; length < whole.Length; length++)
        {
            var (names, failure) = await TryListAsync(whole[..length], type);

            Assert.True(names.Count <= 2 && names.SequenceEqual(new[] { "a", "b" }.Take(names.Count)), $"{length}: {string.Join(",", names)}");
            // Only the envelope's empty fields at the end can be missing without notice.
            if (failure is null) Assert.True(type == Protobuf && length >= whole.Length - 4 && names.Count == 2, $"{length} bytes passed for a list");
            else Assert.IsType<ApiProtocolException>(failure);
        }
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task A_beginning_that_was_cut_is_asked_for_again(string type)
    {
        var whole = type == Protobuf ? TestPod.ProtobufList(Two) : TestPod.JsonList(Two);
        for (var length = 1; length < whole.Length - 4; length += 13)
        {
            var server = InTurn(Answer(whole[..length], type), Answer(whole, type));

            Assert.Equal(["a", "b"], (await ListTests.ListAsync(server)).Select(pod => pod.Metadata.Name));
        }
    }

    [Theory]
    [InlineData(Protobuf, 1)]
    [InlineData(Protobuf, 4)]
    [InlineData(Json, 1)]
    [InlineData(Json, 4)]
    public async Task Bytes_changed_at_random_give_objects_or_a_clear_error(string type, int changes)
    {
        var random = new Random(changes * 7919);
        var whole = type == Protobuf ? TestPod.ProtobufList(Two, next: "") : TestPod.JsonList(Two);
        for (var round = 0; round < (type == Protobuf ? 2000 : 700); round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var i = 0; i < changes; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);

            var (_, failure) = await TryListAsync(bytes, type);

            Assert.True(failure is null or ApiProtocolException or ApiException, $"{round}: {failure}");
        }
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task Noise_is_a_clear_error(string type)
    {
        var random = new Random(17);
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (type == Protobuf && round % 2 == 0) "k8s\0"u8.CopyTo(bytes.Length >= 4 ? bytes : bytes = new byte[4]);

            var (_, failure) = await TryListAsync(bytes, type);

            Assert.IsType<ApiProtocolException>(failure);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })] // a length of eleven bytes
    [InlineData(new byte[] { 0x12, 0xff, 0xff, 0xff, 0xff, 0x0f })] // items of 4 GiB in a list of a few bytes
    [InlineData(new byte[] { 0x12, 0x7f })]
    [InlineData(new byte[] { 0x02, 0x01 })] // field 0
    [InlineData(new byte[] { 0x13 })] // a group, which nobody uses
    public async Task Hostile_lengths_are_not_believed(byte[] list)
    {
        var (_, failure) = await TryListAsync(ProtobufWriter.Envelope("v1", "PodList", list), Protobuf);

        Assert.IsType<ApiProtocolException>(failure);
    }

    [Fact]
    public async Task An_object_bigger_than_any_can_be_is_refused_before_it_is_read()
    {
        byte[] envelope = [.. "k8s\0"u8, 0x0a, 0x0d, 0x0a, 0x02, .. "v1"u8, 0x12, 0x07, .. "PodList"u8, 0x12, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x12, 0x80, 0x80, 0x80, 0x40];

        var (_, failure) = await TryListAsync(envelope, Protobuf);

        Assert.Contains("more than any can have", Assert.IsType<ApiProtocolException>(failure).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[", " \n")]
    [InlineData("", " ")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"", "aaaaaaaa")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{\"metadata\":", "[[[[[[[[")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[],", "\"a\":1,")]
    [InlineData("{", "\"a\":{\"b\":[1,2,3]},")]
    public async Task JSON_without_end_is_given_up_in_bounded_memory(string beginning, string repeated)
    {
        var server = new ScriptedServer(_ => Answer(new EndlessStream(beginning, repeated)));

        await Assert.ThrowsAsync<ApiProtocolException>(() => ListTests.ListAsync(server));
    }

    [Fact]
    public async Task Protobuf_without_end_is_given_up()
    {
        var fields = new byte[] { 0x1a, 0x04, 1, 2, 3, 4 };
        var server = new ScriptedServer(_ => Answer(new EndlessStream([.. "k8s\0"u8], fields), Protobuf));

        await Assert.ThrowsAsync<ApiProtocolException>(() => ListTests.ListAsync(server));
    }

    [Fact]
    public async Task A_body_that_stalls_is_given_up_after_a_minute_and_asked_for_again()
    {
        var whole = TestPod.ProtobufList(Two);
        var stalled = new ScriptedStream().Send(whole[..^40]);
        var server = InTurn(Answer(stalled, Protobuf), Answer(whole, Protobuf));

        var listing = ListTests.ListAsync(server);
        await server.Time.WaitForTimerAsync(TimeSpan.FromSeconds(60));
        server.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(2, (await listing).Count);
        Assert.True(stalled.IsDisposed);
    }

    [Fact]
    public async Task A_slow_body_that_moves_is_waited_for()
    {
        var whole = TestPod.ProtobufList(Two);
        var slow = new ScriptedStream();
        var server = InTurn(Answer(slow, Protobuf));

        var listing = ListTests.ListAsync(server);
        foreach (var part in whole.Chunk(whole.Length / 5))
        {
            await server.Time.WaitForTimerAsync(TimeSpan.FromSeconds(60));
            server.Time.Advance(TimeSpan.FromSeconds(50));
            slow.Send(part);
        }
        slow.Finish();

        Assert.Equal(2, (await listing).Count);
    }

    [Fact]
    public async Task A_page_in_place_of_a_list_is_quoted_with_its_first_words()
    {
        const string page = "<html><head><title>Sign in</title></head><body>Please   sign\nin to continue</body></html>";

        var (_, failure) = await TryListAsync(System.Text.Encoding.UTF8.GetBytes(page), "text/html");

        var broken = Assert.IsType<ApiProtocolException>(failure);
        Assert.Contains("Sign in Please sign in to continue", broken.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"kind\":\"PodList\"}")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{}}")]
    [InlineData("{\"kind\":\"PodList\",\"items\":[]}")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":{}}")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[1]}")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{} {}]}")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[,{}]}")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{},]}")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[]} x")]
    [InlineData("{\"kind\":\"PodList\",\"metadata\":{\"continue\":7},\"items\":[]}")]
    [InlineData("{\"kind\":7,\"metadata\":{},\"items\":[]}")]
    public async Task JSON_that_is_no_list_is_not_taken_for_an_empty_one(string json)
    {
        var (_, failure) = await TryListAsync(System.Text.Encoding.UTF8.GetBytes(json), Json);

        Assert.IsType<ApiProtocolException>(failure);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"ok\":true}")]
    [InlineData("[1]")]
    [InlineData("")]
    [InlineData("{\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\"}}")]
    public async Task An_answer_of_another_kind_is_not_taken_for_the_object(string json)
    {
        var server = new ScriptedServer(_ => Answer(json));
        await using var client = server.NewClient();

        await Assert.ThrowsAsync<ApiProtocolException>(() => client.GetAsync(Resources.Pods, "shop", "a", TestContext.Current.CancellationToken));
        Assert.Single(server.Asked);
    }

    private static async Task<(List<string> Names, Exception? Failure)> TryListAsync(byte[] bytes, string type)
    {
        var server = new ScriptedServer(_ => Answer(bytes, type));
        await using var client = server.NewClient();
        var names = new List<string>();
        try
        {
            await foreach (var pod in client.ListAsync(Resources.Pods, "shop", cancellationToken: TestContext.Current.CancellationToken))
            {
                if (names.Count < 10) names.Add(pod.Metadata.Name);
                // A token made by chance leads to page after page.
                if (server.Asked.Count > 20) break;
            }
        }
        catch (Exception failure)
        {
            return (names, failure);
        }
        return (names, null);
    }
}
