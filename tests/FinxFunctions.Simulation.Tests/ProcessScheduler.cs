namespace FinxFunctions.Simulation.Tests;

/// <summary>Runs a host's tasks in the world's order. What a dead host left is never run.</summary>
internal sealed class ProcessScheduler(World world, SimulatedProcess host) : TaskScheduler
{
    protected override void QueueTask(Task task) => world.Soon(host, () => TryExecuteTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
