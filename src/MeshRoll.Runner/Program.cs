using MeshRoll.Runner;

return await RunnerCommand.RunAsync(args, RunnerHost.OfProcess());
