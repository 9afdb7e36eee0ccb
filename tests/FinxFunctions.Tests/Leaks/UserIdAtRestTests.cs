using System.Text;
using System.Text.Json.Nodes;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;
using FinxFunctions.Tests.Running;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Tests.Leaks;

/// <summary>A user's id is personal data: it is encrypted at rest and found by a keyed hash.</summary>
public class UserIdAtRestTests
{
    private const string UserId = "erika.muster@example.com";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_row_of_any_table_holds_it_in_clear_nor_its_plain_hash()
    {
        await using var app = await App.StartAsync();
        await app.ConnectAsync(new() { ["user_id"] = UserId });

        foreach (var table in new[] { "connections", "users", "agenda" })
        {
            var rows = await app.RowsAsync(table);
            Assert.NotEmpty(rows);
            var text = rows.InClear();
            Assert.DoesNotContain("erika", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(UserId)), text, StringComparison.Ordinal);
            Assert.DoesNotContain(new Secret(UserId).Hash(), text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_users_connections_are_found_by_another_instance_and_no_other_users_are()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync(new() { ["user_id"] = UserId });
        await app.ConnectAsync(new() { ["user_id"] = "somebody-else" });
        await using var other = await app.StartTwinAsync();

        var found = await ListAsync(other, $"?user_id={Uri.EscapeDataString(UserId)}");

        Assert.Equal(id, Assert.Single(found).Text("connection_id"));
        Assert.Equal(UserId, found[0].Text("user_id"));
        Assert.Empty(await ListAsync(other, "?user_id=ERIKA.MUSTER@example.com"));
        Assert.Equal(2, (await ListAsync(other, "")).Count);
    }

    [Fact]
    public async Task After_the_data_key_was_rotated_old_rows_are_read_and_the_timer_encrypts_them_anew()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync(new() { ["user_id"] = UserId });
        var former = await KeyAsync(app);
        var vault = app.Services.GetRequiredService<VaultClients>();
        var rotated = (await vault.For(vault.First).SetSecretAsync(new KeyVaultSecret(DataKeys.SecretName, Convert.ToBase64String(new byte[32])), Cancel)).Value;
        app.Clock.Advance(TimeSpan.FromHours(2));

        var read = await app.GetConnectionAsync(id);
        var unchanged = await KeyAsync(app);
        app.Clock.Advance(TimeSpan.FromDays(50));
        await app.TickAsync();
        await using var other = await app.StartTwinAsync();

        Assert.Equal(UserId, read.Text("user_id"));
        Assert.Equal(former, unchanged);
        Assert.Equal(rotated.Id.AbsoluteUri, await KeyAsync(app));
        Assert.NotEqual(former, await KeyAsync(app));
        Assert.Equal(UserId, (await other.GetConnectionAsync(id)).Text("user_id"));
        Assert.Equal(id, Assert.Single(await ListAsync(other, $"?user_id={Uri.EscapeDataString(UserId)}")).Text("connection_id"));
    }

    [Fact]
    public async Task Two_instances_that_begin_at_once_agree_on_the_lookup_key()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => (number % 2 == 0 ? app : other).CreateLinkAsync(new() { ["user_id"] = UserId })));

        Assert.Single((await app.RowsAsync("users")).Where(row => row.PartitionKey is not ("key" or "vaults")).Select(row => row.PartitionKey).Distinct());
        Assert.Equal(8, (await ListAsync(app, $"?user_id={Uri.EscapeDataString(UserId)}")).Count);
        Assert.Equal(8, (await ListAsync(other, $"?user_id={Uri.EscapeDataString(UserId)}")).Count);
    }

    [Fact]
    public async Task A_users_hash_is_another_for_another_caller_and_under_another_key()
    {
        await using var app = await App.StartAsync();
        await using var elsewhere = await App.StartAsync();
        var (here, there) = (app.Services.GetRequiredService<UserIds>(), elsewhere.Services.GetRequiredService<UserIds>());

        var key = await here.KeyOfAsync("a", UserId, Cancel);

        Assert.Equal(key, await here.KeyOfAsync("a", UserId, Cancel));
        Assert.NotEqual(key, await here.KeyOfAsync("b", UserId, Cancel));
        Assert.NotEqual(key, await there.KeyOfAsync("a", UserId, Cancel));
    }

    private static async Task<string> KeyAsync(App app) => Assert.Single(await app.RowsAsync("connections"), row => row.RowKey == "connection").GetString("UserIdKey");

    private static async Task<IReadOnlyList<JsonObject>> ListAsync(App app, string query)
    {
        using var response = await app.Http.GetAsync("/api/connections" + query, Cancel);
        return [.. (await response.JsonAsync())["connections"]!.AsArray().Select(connection => connection!.AsObject())];
    }
}
