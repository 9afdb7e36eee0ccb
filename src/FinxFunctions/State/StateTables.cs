using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>The three tables of the service. They are created at the first use, so the start does not wait for the network.</summary>
public sealed class StateTables(TableServiceClient service)
{
    private readonly Lock _gate = new();
    private Task? _created;

    /// <summary>One partition for each connection: its row, lease, links and overflow.</summary>
    private TableClient Connections { get; } = service.GetTableClient("connections");

    /// <summary>The rotation schedule. The table is called "agenda" since the first release.</summary>
    private TableClient RotationSchedule { get; } = service.GetTableClient("agenda");

    /// <summary>The users' connections, and the row that names the lookup key.</summary>
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
        }, cancellationToken);
        return table;
    }

    private Task CreateAsync() => Task.WhenAll(
        Connections.CreateIfNotExistsAsync(),
        RotationSchedule.CreateIfNotExistsAsync(),
        Users.CreateIfNotExistsAsync());
}
