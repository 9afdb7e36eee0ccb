namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function is told of its schedule. As in Microsoft.Azure.Functions.Worker.Extensions.Timer.</summary>
public class TimerInfo
{
    /// <summary>Null where the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}
