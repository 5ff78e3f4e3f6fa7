namespace MeshRoll.Core.Restarts.Marks;

/// <summary>Knows the runs of this machine.</summary>
internal interface IRunRegistry
{
    /// <summary>False when the run behind a mark is certainly gone: its process was one of this machine and is not there any more.</summary>
    bool MayRun(RestartMark mark);

    /// <summary>Whether a mark is of a run of this very process.</summary>
    bool IsOfThisProcess(RestartMark mark) => false;
}
