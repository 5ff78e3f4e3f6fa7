using System.Text.Json.Serialization;
using MeshRoll.Core.Preflight;
using MeshRoll.Core.Rollouts;
using MeshRoll.Core.Sidecars;

namespace MeshRoll.Runner.Output;

/// <summary>What <c>--output json</c> writes: the same names as the cmdlets' properties, in camelCase, times in UTC.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, NewLine = "\n")]
[JsonSerializable(typeof(MeshSidecar))]
[JsonSerializable(typeof(MeshRollout))]
[JsonSerializable(typeof(MeshReadinessFinding))]
internal sealed partial class RunnerJson : JsonSerializerContext;
