namespace FinxFunctions.Simulation.Tests;

/// <summary>Runs the tasks of a process in the world's order. The tasks of a dead process never run.</summary>
internal sealed class ProcessScheduler(World world, SimulatedProcess host) : TaskScheduler
{
    protected override void QueueTask(Task task) => world.Soon(host, () => TryExecuteTask(task));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
