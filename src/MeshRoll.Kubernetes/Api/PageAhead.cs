using MeshRoll.Kubernetes.Models;

namespace MeshRoll.Kubernetes.Api;

/// <summary>The one page that is asked for while the page before it is still being read.</summary>
internal sealed class PageAhead<T>(CancellationToken cancellationToken) where T : class, IKubernetesObject
{
    private CancellationTokenSource? _stop;
    private Task<ListPage<T>>? _page;

    /// <summary>Asks for the page, unless it was asked for already.</summary>
    public void Begin(Func<CancellationToken, Task<ListPage<T>>> open)
    {
        if (_page is not null) return;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _page = open(_stop.Token);
    }

    /// <summary>Hands the page over; null when none was asked for.</summary>
    public Task<ListPage<T>>? Take()
    {
        var page = _page;
        _page = null;
        return page;
    }

    /// <summary>Gives up the page that nobody will read.</summary>
    public async ValueTask DropAsync()
    {
        if (Take() is { } page)
        {
            _stop!.Cancel();
            try
            {
                await (await page).DisposeAsync();
            }
            catch (Exception failure) when (failure is MeshRollException or OperationCanceledException)
            {
                // Nobody waits for it any more.
            }
        }
        _stop?.Dispose();
        _stop = null;
    }
}
