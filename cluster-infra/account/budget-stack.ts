import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import { AccountPart, type AccountStackProps } from './account-stack.ts';

export interface BudgetStackProps extends AccountStackProps {
  /** What the account may cost in a month, in USD. */
  monthlyUsd: number;
  /** Who is told. @default nobody: the budget is seen in the console only */
  emails: readonly string[];
}

/** When somebody is told, in percent of the budget: of what is spent, and of what will be by the end of the month. */
const THRESHOLDS = [
  { notificationType: 'ACTUAL', threshold: 50 },
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'ACTUAL', threshold: 100 },
  { notificationType: 'FORECASTED', threshold: 100 },
];

/** What an account may cost, and who hears of it before it does. */
export class BudgetStack extends AccountPart {
  constructor(scope: Construct, { monthlyUsd, emails, ...props }: BudgetStackProps) {
    super(scope, 'budget', props);
    new CfnBudget(this, 'budget', {
      budget: {
        budgetName: 'slipway',
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: monthlyUsd, unit: 'USD' },
      },
      notificationsWithSubscribers:
        emails.length === 0
          ? []
          : THRESHOLDS.map((notification) => ({
              notification: {
                comparisonOperator: 'GREATER_THAN',
                thresholdType: 'PERCENTAGE',
                ...notification,
              },
              subscribers: emails.map((address) => ({ subscriptionType: 'EMAIL', address })),
            })),
    });
  }
}
