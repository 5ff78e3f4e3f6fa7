namespace MeshRoll.Kubernetes.Models.Protobuf;

/// <summary>Field numbers of core/v1 Pod, PodSpec, Container, Probe and PodTemplateSpec.</summary>
internal static class PodProtobuf
{
    public static Pod Read(ref ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        PodSpec? spec = null;
        PodStatus? status = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: metadata = MetadataProtobuf.Read(reader.Message()); break;
                case 2: spec = ReadSpec(reader.Message(), commands: false); break;
                case 3: status = PodStatusProtobuf.Read(reader.Message()); break;
            }
        }
        return new() { Metadata = metadata ?? new(), Spec = spec ?? new(), Status = status ?? new() };
    }

    public static PodTemplate ReadTemplate(ProtobufReader reader)
    {
        ObjectMeta? metadata = null;
        PodSpec? spec = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: metadata = MetadataProtobuf.Read(reader.Message()); break;
                case 2: spec = ReadSpec(reader.Message(), commands: true); break;
            }
        }
        return new() { Metadata = metadata ?? new(), Spec = spec ?? new() };
    }

    private static PodSpec ReadSpec(ProtobufReader reader, bool commands)
    {
        RepeatedField<Container> initContainers = default, containers = default;
        var nodeName = "";
        var hostNetwork = false;
        long? grace = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: containers.Add(ReadContainer(reader.Message(), commands)); break;
                case 4: grace = reader.Int64(); break;
                case 10: nodeName = reader.Repeated(); break;
                case 11: hostNetwork = reader.Bool(); break;
                case 20: initContainers.Add(ReadContainer(reader.Message(), commands)); break;
            }
        }
        return new()
        {
            InitContainers = initContainers.ToList(),
            Containers = containers.ToList(),
            NodeName = nodeName,
            HostNetwork = hostNetwork,
            TerminationGracePeriodSeconds = grace,
        };
    }

    // Commands and arguments are the longest part of a container and of use in templates only, as startup probes are: pods do without.
    private static Container ReadContainer(ProtobufReader reader, bool commands)
    {
        RepeatedField<string> command = default, arguments = default;
        string name = "", image = "";
        string? restartPolicy = null;
        Probe? readiness = null, startup = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Repeated(); break;
                case 2: image = reader.Repeated(); break;
                case 3 when commands: command.Add(reader.Text()); break;
                case 4 when commands: arguments.Add(reader.Text()); break;
                case 11: readiness = ReadProbe(reader.Message()); break;
                case 22 when commands: startup = ReadProbe(reader.Message()); break;
                case 24: restartPolicy = reader.Repeated(); break;
            }
        }
        return new() { Name = name, Image = image, Command = command.ToList(), Args = arguments.ToList(), RestartPolicy = restartPolicy, ReadinessProbe = readiness, StartupProbe = startup };
    }

    private static Probe ReadProbe(ProtobufReader reader)
    {
        int initialDelay = 0, period = 0, success = 0, failure = 0;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: initialDelay = reader.Int32(); break;
                case 4: period = reader.Int32(); break;
                case 5: success = reader.Int32(); break;
                case 6: failure = reader.Int32(); break;
            }
        }
        return new() { InitialDelaySeconds = initialDelay, PeriodSeconds = period, SuccessThreshold = success, FailureThreshold = failure };
    }
}
