using System.Globalization;
using System.Net;
using MeshRoll.Kubernetes.Api;
using static MeshRoll.Kubernetes.Tests.Builders.ScriptedServer;

namespace MeshRoll.Kubernetes.Tests.Builders;

/// <summary>
/// Pods in memory behind list and watch, with the ways a real server has of being difficult: watches end or break, versions expire,
/// the server is away. Watches are in protobuf.
/// </summary>
public sealed class FakeCluster
{
    private readonly object _lock = new();
    private readonly SortedDictionary<string, TestPod> _pods = new(StringComparer.Ordinal);
    private readonly List<(long Version, byte[] Frame)> _history = [];
    private readonly List<ScriptedStream> _watches = [];
    private readonly List<ScriptedStream> _deaf = [];
    private long _version = 100;
    private long _oldest = 100;
    private HttpStatusCode? _refusal;

    public FakeCluster() => Server = new(Answer);

    public ScriptedServer Server { get; }

    public ClusterClient NewClient() => Server.NewClient();

    public ManualTimeProvider Time => Server.Time;

    public int Lists => Server.Asked.Count(asked => !asked.IsWatch);

    public int Watches => Server.Asked.Count(asked => asked.IsWatch);

    public int OpenWatches
    {
        get
        {
            lock (_lock) return _watches.Concat(_deaf).Count(watch => !watch.IsDisposed);
        }
    }

    /// <summary>What a list would show: name, uid and version of every pod.</summary>
    public IReadOnlyList<TestPod> Pods
    {
        get
        {
            lock (_lock) return [.. _pods.Values];
        }
    }

    public TestPod Put(string name, string phase = "Running", string? uid = null)
    {
        lock (_lock)
        {
            var before = _pods.GetValueOrDefault(name);
            var pod = new TestPod(name, Uid: uid ?? before?.Uid ?? "", Version: Next()) { Phase = phase };
            _pods[name] = pod;
            Happened(before is null || before.Uid != pod.Uid ? "ADDED" : "MODIFIED", pod);
            return pod;
        }
    }

    public void Delete(string name)
    {
        lock (_lock)
        {
            if (!_pods.Remove(name, out var pod)) return;
            Happened("DELETED", pod with { Version = Next() });
        }
    }

    public void Bookmark()
    {
        lock (_lock) Send("BOOKMARK", ProtobufWriter.Of(pod => pod.Message(1, meta => meta.Text(6, Next()))));
    }

    /// <summary>Forgets what happened so far: watches from before are answered with 410.</summary>
    public void Compact()
    {
        lock (_lock) _oldest = _version;
    }

    /// <summary>The watches there are hear of nothing any more, as if the way to them were cut.</summary>
    public void StopWatching()
    {
        lock (_lock)
        {
            _deaf.AddRange(_watches);
            _watches.Clear();
        }
    }

    /// <summary>Waits, in real time, for what another thread is about to do.</summary>
    public async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 2000 && !condition(); i++) await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.True(condition());
    }

    /// <summary>All watches end as they do after timeoutSeconds.</summary>
    public void EndWatches() => ForWatches(watch => watch.Finish());

    /// <summary>All watches break, after a part of an event.</summary>
    public void CutWatches() => ForWatches(watch => watch.Send([0, 0, 1, 0, 10, 3]).Break());

    /// <summary>All watches bring an ERROR event, and end.</summary>
    public void FailWatches(HttpStatusCode code, string reason) => ForWatches(watch => watch.Send(Frame("ERROR", StatusProtobuf(code, reason, "too old resource version"))).Finish());

    /// <summary>From now on every question is refused, or, with null, answered again.</summary>
    public void Refuse(HttpStatusCode? code)
    {
        lock (_lock) _refusal = code;
    }

    public static byte[] Frame(string type, byte[] envelope)
    {
        var message = ProtobufWriter.Of(change => change.Text(1, type).Message(2, raw => raw.Bytes(1, envelope)));
        return [(byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];
    }

    private HttpResponseMessage Answer(AskedFor asked)
    {
        lock (_lock)
        {
            if (_refusal is { } code) return Refusal(code, code.ToString(), $"refused with {code}");
            if (!asked.IsWatch) return ScriptedServer.Answer(TestPod.ProtobufList(_pods.Values, version: Text(_version)), Protobuf);

            var from = long.Parse(asked["resourceVersion"]!, CultureInfo.InvariantCulture);
            if (from < _oldest) return Refusal(HttpStatusCode.Gone, "Expired", "too old resource version");
            var stream = new ScriptedStream();
            foreach (var (version, frame) in _history)
            {
                if (version > from) stream.Send(frame);
            }
            _watches.Add(stream);
            return ScriptedServer.Answer(stream, Protobuf + ";stream=watch");
        }
    }

    private void Happened(string type, TestPod pod) => Send(type, pod.ToProtobuf());

    private void Send(string type, byte[] pod)
    {
        var frame = Frame(type, ProtobufWriter.Envelope("v1", "Pod", pod));
        _history.Add((_version, frame));
        foreach (var watch in _watches) watch.Send(frame);
    }

    private void ForWatches(Action<ScriptedStream> action)
    {
        lock (_lock)
        {
            foreach (var watch in _watches.Concat(_deaf)) action(watch);
            _watches.Clear();
            _deaf.Clear();
        }
    }

    private string Next() => Text(++_version);

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
