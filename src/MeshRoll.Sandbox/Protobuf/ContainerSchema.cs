using static MeshRoll.Sandbox.Protobuf.ProtobufKind;

namespace MeshRoll.Sandbox.Protobuf;

/// <summary>Messages of core/v1 about containers.</summary>
internal static class ContainerSchema
{
    public static ProtobufMessage FieldSelector { get; } = new() { { "apiVersion", 1 }, { "fieldPath", 2 } };

    public static ProtobufMessage ResourceSelector { get; } = new() { { "containerName", 1 }, { "resource", 2 }, { "divisor", 3, Quantity } };

    public static ProtobufMessage Resources { get; } = new() { { "limits", 1, QuantityMap }, { "requests", 2, QuantityMap }, { "claims", 3, new ProtobufMessage { { "name", 1 }, { "request", 2 } } } };

    public static ProtobufMessage SeLinux { get; } = new() { { "user", 1 }, { "role", 2 }, { "type", 3 }, { "level", 4 } };

    public static ProtobufMessage Windows { get; } = new() { { "gmsaCredentialSpecName", 1 }, { "gmsaCredentialSpec", 2 }, { "runAsUserName", 3 }, { "hostProcess", 4, Flag } };

    /// <summary>Of seccomp and AppArmor alike.</summary>
    public static ProtobufMessage Profile { get; } = new() { { "type", 1 }, { "localhostProfile", 2 } };

    private static readonly ProtobufMessage Reference = new() { { "name", 1 } };

    private static readonly ProtobufMessage KeySelector = new() { { 1, Reference }, { "key", 2 }, { "optional", 3, Flag } };

    private static readonly ProtobufMessage Variable = new()
    {
        { "name", 1 },
        { "value", 2 },
        {
            "valueFrom", 3, new ProtobufMessage
            {
                { "fieldRef", 1, FieldSelector }, { "resourceFieldRef", 2, ResourceSelector }, { "configMapKeyRef", 3, KeySelector }, { "secretKeyRef", 4, KeySelector },
            }
        },
    };

    private static readonly ProtobufMessage VariableSource = new()
    {
        { "prefix", 1 },
        { "configMapRef", 2, new ProtobufMessage { { 1, Reference }, { "optional", 2, Flag } } },
        { "secretRef", 3, new ProtobufMessage { { 1, Reference }, { "optional", 2, Flag } } },
    };

    private static readonly ProtobufMessage Exec = new() { { "command", 1 } };

    private static readonly ProtobufMessage HttpGet = new()
    {
        { "path", 1 }, { "port", 2, IntOrString }, { "host", 3 }, { "scheme", 4 }, { "httpHeaders", 5, new ProtobufMessage { { "name", 1 }, { "value", 2 } } },
    };

    private static readonly ProtobufMessage TcpSocket = new() { { "port", 1, IntOrString }, { "host", 2 } };

    private static readonly ProtobufMessage Probe = new()
    {
        { 1, new ProtobufMessage { { "exec", 1, Exec }, { "httpGet", 2, HttpGet }, { "tcpSocket", 3, TcpSocket }, { "grpc", 4, new ProtobufMessage { { "port", 1, Number }, { "service", 2 } } } } },
        { "initialDelaySeconds", 2, Number },
        { "timeoutSeconds", 3, Number },
        { "periodSeconds", 4, Number },
        { "successThreshold", 5, Number },
        { "failureThreshold", 6, Number },
        { "terminationGracePeriodSeconds", 7, Number },
    };

    private static readonly ProtobufMessage Handler = new()
    {
        { "exec", 1, Exec }, { "httpGet", 2, HttpGet }, { "tcpSocket", 3, TcpSocket }, { "sleep", 4, new ProtobufMessage { { "seconds", 1, Number } } },
    };

    private static readonly ProtobufMessage Security = new()
    {
        { "capabilities", 1, new ProtobufMessage { { "add", 1 }, { "drop", 2 } } },
        { "privileged", 2, Flag },
        { "seLinuxOptions", 3, SeLinux },
        { "runAsUser", 4, Number },
        { "runAsNonRoot", 5, Flag },
        { "readOnlyRootFilesystem", 6, Flag },
        { "allowPrivilegeEscalation", 7, Flag },
        { "runAsGroup", 8, Number },
        { "procMount", 9 },
        { "windowsOptions", 10, Windows },
        { "seccompProfile", 11, Profile },
        { "appArmorProfile", 12, Profile },
    };

    public static ProtobufMessage Container { get; } = new()
    {
        { "name", 1 },
        { "image", 2 },
        { "command", 3 },
        { "args", 4 },
        { "workingDir", 5 },
        { "ports", 6, new ProtobufMessage { { "name", 1 }, { "hostPort", 2, Number }, { "containerPort", 3, Number }, { "protocol", 4 }, { "hostIP", 5 } } },
        { "env", 7, Variable },
        { "resources", 8, Resources },
        {
            "volumeMounts", 9, new ProtobufMessage
            {
                { "name", 1 }, { "readOnly", 2, Flag }, { "mountPath", 3 }, { "subPath", 4 }, { "mountPropagation", 5 }, { "subPathExpr", 6 }, { "recursiveReadOnly", 7 },
            }
        },
        { "livenessProbe", 10, Probe },
        { "readinessProbe", 11, Probe },
        { "lifecycle", 12, new ProtobufMessage { { "postStart", 1, Handler }, { "preStop", 2, Handler }, { "stopSignal", 3 } } },
        { "terminationMessagePath", 13 },
        { "imagePullPolicy", 14 },
        { "securityContext", 15, Security },
        { "stdin", 16, Flag },
        { "stdinOnce", 17, Flag },
        { "tty", 18, Flag },
        { "envFrom", 19, VariableSource },
        { "terminationMessagePolicy", 20 },
        { "volumeDevices", 21, new ProtobufMessage { { "name", 1 }, { "devicePath", 2 } } },
        { "startupProbe", 22, Probe },
        { "resizePolicy", 23, new ProtobufMessage { { "resourceName", 1 }, { "restartPolicy", 2 } } },
        { "restartPolicy", 24 },
    };
}
