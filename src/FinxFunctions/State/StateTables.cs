using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>The three tables that hold our state. They are created on first need, so that nothing waits for the network at start.</summary>
public sealed class StateTables(TableServiceClient service)
{
    private readonly Lock _gate = new();
    private Task? _created;

    /// <summary>A partition a connection: its row, its lease, its links.</summary>
    private TableClient Connections { get; } = service.GetTableClient("connections");

    /// <summary>Which connection is to be looked at when.</summary>
    private TableClient RotationSchedule { get; } = service.GetTableClient("agenda");

    /// <summary>Which connections a user has.</summary>
    private TableClient Users { get; } = service.GetTableClient("users");

    public Task<TableClient> ConnectionsAsync(CancellationToken cancellationToken) => ReadyAsync(Connections, cancellationToken);

    public Task<TableClient> RotationScheduleAsync(CancellationToken cancellationToken) => ReadyAsync(RotationSchedule, cancellationToken);

    public Task<TableClient> UsersAsync(CancellationToken cancellationToken) => ReadyAsync(Users, cancellationToken);

    private async Task<TableClient> ReadyAsync(TableClient table, CancellationToken cancellationToken)
    {
        Task created;
        lock (_gate)
        {
            if (_created is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _created = CreateAsync();
            }

            created = _created;
        }

        await StorageException.GuardAsync(async () =>
        {
            await created.WaitAsync(cancellationToken);
            return true;
        });
        return table;
    }

    private Task CreateAsync() => Task.WhenAll(
        Connections.CreateIfNotExistsAsync(),
        RotationSchedule.CreateIfNotExistsAsync(),
        Users.CreateIfNotExistsAsync());
}
