using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace MeshRoll.Core.Tests.Plans.Runs.Schedules;

/// <summary>A watch on its way to a process: what it tells arrives in order, some time later, and not before the process is awake.</summary>
internal sealed class ServerWatch(MachineProcess process, string collection)
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Queue<string> _lines = [];
    private bool _isOver;

    public string Collection { get; } = collection;

    public Stream Body => _pipe.Reader.AsStream();

    public void Tell(string line)
    {
        _lines.Enqueue(line);
        process.Wire.Later(Deliver);
    }

    /// <summary>It breaks.</summary>
    public void Cut()
    {
        if (_isOver) return;
        _isOver = true;
        _pipe.Writer.Complete(new IOException("the connection was cut"));
    }

    private void Deliver()
    {
        if (_isOver) return;
        if (process.Wire.IsCut) Cut();
        else if (_lines.TryDequeue(out var line))
        {
            _pipe.Writer.Write(Encoding.UTF8.GetBytes(line));
            _ = _pipe.Writer.FlushAsync().AsTask();
        }
    }
}
