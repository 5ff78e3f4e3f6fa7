using System.Runtime.CompilerServices;

namespace MeshRoll.Core;

/// <summary>
/// Events on their way to one reader. Posting never waits, so that a slow reader never holds up what happens in the cluster; and memory stays
/// bounded, because news about the same thing replaces the news that was not read yet.
/// </summary>
internal sealed class EventMailbox<T> where T : class
{
    private readonly object _gate = new();
    private readonly LinkedList<(object? Key, T Event)> _events = new();
    private readonly Dictionary<object, LinkedListNode<(object? Key, T Event)>> _latest = [];
    private TaskCompletionSource _posted = NewSignal();
    private bool _completed;
    private Exception? _error;

    /// <summary>To be read after all that was posted before.</summary>
    public void Post(T news) => Add(null, news, replaces: null);

    /// <summary>The latest about <paramref name="key"/>: takes the place of what is not read yet, in its position.</summary>
    public void PostLatest(object key, T news)
    {
        lock (_gate)
        {
            if (_latest.TryGetValue(key, out var waiting)) waiting.Value = (key, news);
            else Add(key, news, replaces: null);
        }
    }

    /// <summary>The last about <paramref name="key"/>: what is not read yet is of no interest any more.</summary>
    public void PostLast(object key, T news) => Add(null, news, replaces: key);

    /// <summary>Nothing more comes: the reader ends, or fails, after what is waiting.</summary>
    public void Complete(Exception? error = null)
    {
        lock (_gate)
        {
            if (_completed) return;
            (_completed, _error) = (true, error);
            _posted.TrySetResult();
        }
    }

    /// <summary>All events in order, for one reader.</summary>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task wait;
            T? next = null;
            lock (_gate)
            {
                if (_events.First is { } first)
                {
                    _events.RemoveFirst();
                    if (first.Value.Key is { } key) _latest.Remove(key);
                    next = first.Value.Event;
                }
                else if (_completed)
                {
                    if (_error is not null) throw _error;
                    yield break;
                }
                else if (_posted.Task.IsCompleted) _posted = NewSignal();
                wait = _posted.Task;
            }
            if (next is not null) yield return next;
            else await wait.WaitAsync(cancellationToken);
        }
    }

    private void Add(object? key, T news, object? replaces)
    {
        lock (_gate)
        {
            if (_completed) return;
            if (replaces is not null && _latest.Remove(replaces, out var obsolete)) _events.Remove(obsolete);
            var node = _events.AddLast((key, news));
            if (key is not null) _latest[key] = node;
            _posted.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
