namespace FinxFunctions.Accounts;

/// <summary>The services of this room.</summary>
public static class AccountsServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services.AddSingleton<AccountData>();
}
