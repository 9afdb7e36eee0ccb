using System.Net;
using FinxFunctions.Tests.Faults.Proof;
using static FinxFunctions.Tests.Faults.Proof.CallerActions;

namespace FinxFunctions.Tests.Faults.CrashPoints.Operations;

/// <summary>A request during which a host may die, and what its callers do afterwards.</summary>
internal abstract class Operation
{
    /// <summary>The user of the connection; another one each time.</summary>
    protected string User { get; } = NewUser();

    /// <summary>By how much the times of the world are multiplied, because the machine is slow.</summary>
    public double Factor { get; set; } = 1;

    /// <summary>How long a run may take; a longer one proves nothing. Null where there is no limit.</summary>
    public virtual TimeSpan? TimeLimit => null;

    /// <summary>Settings of the host that dies, beyond those of the world.</summary>
    public virtual IEnumerable<(string Name, string Value)> Settings => [];

    /// <summary>Whether it is the first request ever: there is no table and no key.</summary>
    public virtual bool IsFirst => false;

    /// <summary>Whether a host without anything in memory does it.</summary>
    public virtual bool IsCold => false;

    /// <summary>Everything up to the operation.</summary>
    public abstract Task PrepareAsync(World world, Caller caller);

    /// <summary>The operation. The host may die in the middle: then this throws <see cref="HttpRequestException"/>.</summary>
    public abstract Task ActAsync(World world, Caller caller);

    /// <summary>The user and the service ask again at another host until everything is decided. All of it must succeed.</summary>
    /// <returns>Whether everything survived. False where the provider's own rules ended the connection and the service was told so.</returns>
    public abstract Task<bool> ResumeAsync(World world, Caller caller);

    /// <summary>The connection can be refreshed once more, and its data read.</summary>
    /// <param name="generation">The generation it must be at.</param>
    protected static async Task AssertAliveAsync(Caller caller, string id, int generation)
    {
        var token = await AskAsync(() => caller.TokenAsync(id));
        Assert.True(token.Status is HttpStatusCode.OK, $"A token was refused: {token}");
        Assert.Equal(generation, (int)token.Body["generation"]!);

        var refreshed = await AskAsync(() => caller.TokenAsync(id, rejected: generation));
        Assert.True(refreshed.Status is HttpStatusCode.OK, $"A refresh failed: {refreshed}");
        Assert.Equal(generation + 1, (int)refreshed.Body["generation"]!);

        var accounts = await AskAsync(() => caller.AccountsAsync(id));
        Assert.Equal(HttpStatusCode.OK, accounts.Status);
    }

    /// <summary>The service is told that the user must consent again, and why. The user can do so.</summary>
    protected static async Task AssertEndedAsync(World world, Caller caller, string user, string id, int generation)
    {
        var connection = await AskAsync(() => caller.ConnectionAsync(id));
        Assert.Equal("needs_reconsent", connection["status"]);
        Assert.Equal("ambiguous", connection["reason"]);

        var (_, callback) = await LinkAsync(world, caller, user, id);
        await ReturnAsync(caller, callback, "connected");
        await AssertAliveAsync(caller, id, generation + 1);
    }
}
