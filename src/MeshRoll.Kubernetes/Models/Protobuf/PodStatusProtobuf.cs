namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of core/v1 PodStatus, ContainerStatus and the container states.</summary>
internal static class PodStatusProtobuf
{
    public static PodStatus Read(ProtobufReader reader)
    {
        string phase = "", reason = "", message = "";
        DateTimeOffset? start = null;
        RepeatedField<Condition> conditions = default;
        RepeatedField<ContainerStatus> initContainers = default, containers = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: phase = reader.Repeated(); break;
                case 2: conditions.Add(ConditionProtobuf.ReadOfPod(reader.Message())); break;
                case 3: message = reader.Repeated(); break;
                case 4: reason = reader.Repeated(); break;
                case 7: start = reader.Time(); break;
                case 8: containers.Add(ReadContainer(reader.Message())); break;
                case 10: initContainers.Add(ReadContainer(reader.Message())); break;
            }
        }
        return new()
        {
            Phase = phase,
            Reason = reason,
            Message = message,
            StartTime = start,
            Conditions = conditions.ToList(),
            InitContainerStatuses = initContainers.ToList(),
            ContainerStatuses = containers.ToList(),
        };
    }

    private static ContainerStatus ReadContainer(ProtobufReader reader)
    {
        string name = "", image = "";
        var ready = false;
        bool? started = null;
        var restarts = 0;
        ContainerState? state = null, lastState = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Repeated(); break;
                case 2: state = ReadState(reader.Message()); break;
                case 3: lastState = ReadState(reader.Message()); break;
                case 4: ready = reader.Bool(); break;
                case 5: restarts = reader.Int32(); break;
                case 6: image = reader.Repeated(); break;
                case 9: started = reader.Bool(); break;
            }
        }
        return new()
        {
            Name = name,
            Image = image,
            Ready = ready,
            Started = started,
            RestartCount = restarts,
            State = state ?? new(),
            LastState = lastState ?? new(),
        };
    }

    private static ContainerState ReadState(ProtobufReader reader)
    {
        ContainerWaiting? waiting = null;
        ContainerRunning? running = null;
        ContainerTerminated? terminated = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: waiting = ReadWaiting(reader.Message()); break;
                case 2: running = ReadRunning(reader.Message()); break;
                case 3: terminated = ReadTerminated(reader.Message()); break;
            }
        }
        return new() { Waiting = waiting, Running = running, Terminated = terminated };
    }

    private static ContainerWaiting ReadWaiting(ProtobufReader reader)
    {
        string reason = "", message = "";
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: reason = reader.Repeated(); break;
                case 2: message = reader.Repeated(); break;
            }
        }
        return new() { Reason = reason, Message = message };
    }

    private static ContainerRunning ReadRunning(ProtobufReader reader)
    {
        DateTimeOffset? started = null;
        while (reader.Next())
        {
            if (reader.Field == 1) started = reader.Time();
        }
        return new() { StartedAt = started };
    }

    private static ContainerTerminated ReadTerminated(ProtobufReader reader)
    {
        int exitCode = 0, signal = 0;
        string reason = "", message = "";
        DateTimeOffset? finished = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: exitCode = reader.Int32(); break;
                case 2: signal = reader.Int32(); break;
                case 3: reason = reader.Repeated(); break;
                case 4: message = reader.Text(); break;
                case 6: finished = reader.Time(); break;
            }
        }
        return new() { ExitCode = exitCode, Signal = signal, Reason = reason, Message = message, FinishedAt = finished };
    }
}
