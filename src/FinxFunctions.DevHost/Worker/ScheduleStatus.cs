namespace Microsoft.Azure.Functions.Worker;

/// <summary>Occurrences of a schedule, UTC. As in Microsoft.Azure.Functions.Worker.Extensions.Timer.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
