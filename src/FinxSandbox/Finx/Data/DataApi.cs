using FinxSandbox.Calls;
using FinxSandbox.Finx.Tokens;

namespace FinxSandbox.Finx.Data;

/// <summary>Everything under <c>/rest</c>, and the catalogue of banks.</summary>
internal sealed class DataApi(BankData data, TokenStore tokens, ClientAuthentication client)
{
    public Operation? Route(Call call)
    {
        var operation = Find(call);
        if (operation is not null && call.Authorization("Bearer") is { } token)
            tokens.Identify(call, token);
        return operation;
    }

    private Operation? Find(Call call) => (call.Method, call.Path) switch
    {
        ("GET", ["catalog", "banks"]) => client.Guard("catalog.banks", _ => Answer.Json(StatusCodes.Status200OK,
            Banks.All.Select(bank => new BankBody(bank.Id, bank.Name, bank.BankCode, bank.Bic)), FinxJson.Default.IEnumerableBankBody)),
        ("GET", ["rest", "accounts"]) => Guard("data.accounts", Accounts),
        ("GET", ["rest", "accounts", var id]) => Guard("data.account", user => Account(user, id)),
        ("GET", ["rest", "accounts", var id, "balance"]) => Guard("data.balance", user => Balance(user, id)),
        ("GET", ["rest", "accounts", var id, "transactions"]) => Guard("data.transactions", user => Transactions(call, user, id)),
        ("GET", ["rest", "accounts", var id, "transactions", var transaction]) => Guard("data.transaction", user => Transaction(user, id, transaction)),
        ("GET", ["rest", "transactions"]) => Guard("data.transactions", user => Transactions(call, user, accountId: null)),
        ("DELETE", ["rest", "accounts", var id]) => Guard("data.delete-account", user => DeleteAccount(user, id)),
        ("DELETE", ["rest", "user"]) => Guard("data.delete-user", DeleteUser),
        _ => null,
    };

    private Operation Guard(string operation, Func<TokenFamily, Answer> act) => new(operation, call =>
    {
        if (call.Authorization("Bearer") is not { } token || tokens.Authenticate(token) is not { } family)
            return FinxError.BadToken();

        return act(family);
    })
    {
        Unknown = _ => FinxError.BadToken(),
        BadClient = _ => FinxError.BadClient(),
    };

    private Answer Accounts(TokenFamily user) => Answer.Json(
        StatusCodes.Status200OK,
        data.Read(user, accounts => new AccountListBody([.. accounts.Select(DataWriter.Write)])),
        FinxJson.Default.AccountListBody);

    private Answer Account(TokenFamily user, string id) =>
        data.Read(user, accounts => Find(accounts, id) is { } account ? DataWriter.Write(account) : null) is { } body
            ? Answer.Json(StatusCodes.Status200OK, body, FinxJson.Default.AccountBody)
            : FinxError.Missing();

    private Answer Balance(TokenFamily user, string id) =>
        data.Read(user, accounts => Find(accounts, id) is { } account ? DataWriter.Balance(account) : null) is { } body
            ? Answer.Json(StatusCodes.Status200OK, body, FinxJson.Default.BalanceBody)
            : FinxError.Missing();

    private Answer Transactions(Call call, TokenFamily user, string? accountId)
    {
        if (TransactionQuery.Read(call, out var refusal) is not { } query)
            return refusal!;

        return data.Read(user, accounts => accountId is null || Find(accounts, accountId) is not null
            ? new TransactionListBody([.. query.Of(accounts, accountId).Select(DataWriter.Write)])
            : null) is { } body
            ? Answer.Json(StatusCodes.Status200OK, body, FinxJson.Default.TransactionListBody)
            : FinxError.Missing();
    }

    private Answer Transaction(TokenFamily user, string id, string transactionId) =>
        data.Read(user, accounts => Find(accounts, id)?.Transactions().FirstOrDefault(transaction => transaction.Id == transactionId) is { } found
            ? DataWriter.Write(found)
            : null) is { } body
            ? Answer.Json(StatusCodes.Status200OK, body, FinxJson.Default.TransactionBody)
            : FinxError.Missing();

    private Answer DeleteAccount(TokenFamily user, string id) =>
        data.RemoveAccount(user.UserId, id) ? Answer.Empty(StatusCodes.Status204NoContent) : FinxError.Missing();

    private Answer DeleteUser(TokenFamily user)
    {
        data.RemoveUser(user.UserId);
        tokens.RevokeUser(user.UserId);
        return Answer.Empty(StatusCodes.Status204NoContent);
    }

    private static Account? Find(IReadOnlyList<Account> accounts, string id) => accounts.FirstOrDefault(account => account.Id == id);
}
